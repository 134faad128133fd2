// A machine without a disk or a kernel of its own: a namespace with one card, plugged into the bridge of another one.
import { ip } from './ip.ts';
import { BRIDGE, createNamespace, type Namespace } from './namespace.ts';

/** A card of a machine. */
export type Card = {
  readonly name: string;
  readonly mac: string;
  /** Name of the bridge's end of the cable, unlike any other there; that of the card unless given. */
  readonly port?: string;
};

/** @param name of the machine's namespace. @returns the namespace, which whoever asked for it removes */
export async function plugMachine(
  host: Namespace,
  { name, card }: { readonly name: string; readonly card: Card },
): Promise<Namespace> {
  const { port = card.name } = card;
  const machine = await createNamespace(name, { bridge: 'unused', address: '10.9.9.1/24' });
  const peer = ['peer', 'name', card.name, 'address', card.mac, 'netns', name];
  await ip('-n', host.name, 'link', 'add', port, 'type', 'veth', ...peer);
  await ip('-n', host.name, 'link', 'set', port, 'master', BRIDGE, 'up');
  await ip('-n', name, 'link', 'set', card.name, 'up');
  return machine;
}
