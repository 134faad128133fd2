// The place that a storm comes from: a machine of the lab's network with many addresses.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ipToNumber, numberToIp } from '../../agent/protocol/ip.ts';
import { ip } from '../network/ip.ts';
import type { Namespace } from '../network/namespace.ts';
import { plugMachine } from '../network/plug-machine.ts';
import { succeed } from '../programs/run-program.ts';

/** Name of its only card. */
export const HOSTILE_CARD = 'card';
const MAC = '52:54:00:0b:ad:01';

/**
 * Plugs it in; whoever asked for it removes it.
 * @param options.name of its namespace
 * @param options.first the first of its addresses, `count` in a row
 */
export async function plugHostileHost(
  host: Namespace,
  {
    name,
    first,
    count,
    prefix,
    folder,
  }: {
    readonly name: string;
    readonly first: string;
    readonly count: number;
    readonly prefix: number;
    readonly folder: string;
  },
): Promise<Namespace> {
  const machine = await plugMachine(host, {
    name,
    card: { name: HOSTILE_CARD, mac: MAC, port: 'hostile' },
  });
  const lines = Array.from(
    { length: count },
    (_, index) =>
      `address add ${numberToIp(ipToNumber(first) + index)}/${prefix} dev ${HOSTILE_CARD}\n`,
  );
  const batch = join(folder, 'hostile-addresses');
  await writeFile(batch, lines.join(''));
  await succeed(['ip', '-n', machine.name, '-batch', batch]);
  // Broadcasts of DHCP clients go out here, and not over the bridge that every namespace has.
  await ip('-n', machine.name, 'route', 'add', '255.255.255.255', 'dev', HOSTILE_CARD);
  return machine;
}
