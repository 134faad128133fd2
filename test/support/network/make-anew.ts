// Takes the bridge of a namespace away and makes it anew, as `systemctl restart networking` does.
import { ip } from '../../../lab/network/ip.ts';
import { BRIDGE, type Namespace } from '../../../lab/network/namespace.ts';

/** @param port of the bridge, which is put into the new one @param address of the server, with the length of its prefix */
export async function makeBridgeAnew(
  { name }: Namespace,
  { port, address = '192.168.152.1/24' }: { readonly port: string; readonly address?: string },
): Promise<void> {
  const link = (...words: string[]) => ip('-n', name, 'link', ...words);
  await link('delete', BRIDGE);
  await link('add', BRIDGE, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
  await ip('-n', name, 'address', 'add', address, 'dev', BRIDGE);
  await link('set', BRIDGE, 'up');
  await link('set', port, 'master', BRIDGE, 'up');
}
