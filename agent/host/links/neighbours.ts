// Who has an address, as the kernel knows it from ARP (proc_pid_net(5), `/proc/net/arp`).
import { readFile } from 'node:fs/promises';

/** The kernel has an answer. */
const COMPLETE = 0x2;

/**
 * MAC of the neighbour with this IPv4 address, lower-case with colons; undefined where the kernel knows none. There is one of
 * whoever has just sent us something.
 */
export async function neighbourOf(ip: string): Promise<string | undefined> {
  return neighbourIn(await readFile('/proc/net/arp', 'utf8'), ip);
}

/** As `neighbourOf`, in the text of the table: `IP  HW-type  Flags  HW-address  Mask  Device`. */
export function neighbourIn(table: string, ip: string): string | undefined {
  for (const line of table.split('\n')) {
    const [address, , flags, mac] = line.split(/\s+/);
    if (address === ip && (Number(flags) & COMPLETE) !== 0) return mac?.toLowerCase();
  }
  return undefined;
}
