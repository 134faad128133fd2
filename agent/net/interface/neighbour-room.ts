/**
 * Of how many machines the kernel remembers the MAC address (arp(7)). By default 1,024, of all networks together: where more are on, it
 * has no room for the next one, and packets to that are dropped; so are broadcasts, whose place is the first to be given away, and with
 * them all answers to DHCP. The numbers are those of the machine, not of a network namespace, and only its own network shows them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { hostCount, type Subnet } from '../../protocol/ip.ts';

const FOLDER = '/proc/sys/net/ipv4/neigh/default';
/** No walt-net has more machines; a place takes about half a kilobyte when it is used, and whoever makes addresses up uses them. */
const MOST_MACHINES = 32_768;

/** Numbers of places by their names there: from when on unused ones are given away at leisure, soon, and at once. */
type Places = Readonly<Record<`gc_thresh${1 | 2 | 3}`, number>>;

/** What a network needs, with as much again for other networks. In the kernel's own numbers (128, 512, 1024) the steps are alike. */
export function placesFor(subnet: Subnet): Places {
  const machines = Math.min(hostCount(subnet), MOST_MACHINES);
  return {
    gc_thresh1: Math.ceil(machines / 4),
    gc_thresh2: machines,
    gc_thresh3: 2 * machines,
  };
}

/**
 * Raises what is too low for the machines of a network. It stays so: nodes go on when the server ends. In another network
 * than the machine's own nothing is seen of it, and nothing done.
 * @param folder where the kernel shows the numbers
 * @returns what is to be said where the kernel does not let this process do it
 */
export async function makeNeighbourRoom(
  subnet: Subnet,
  folder: string = FOLDER,
): Promise<string | undefined> {
  const wanted = Object.entries(placesFor(subnet));
  try {
    // The highest first: a lower one above it means nothing.
    for (const [name, places] of wanted.reverse()) await raise(join(folder, name), places);
    return undefined;
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const words = wanted.map(([name, places]) => `net.ipv4.neigh.default.${name}=${places}`);
    return `The kernel may forget machines where many are on, and then drops what is sent to them: ${messageOf(reason)}. As root: sysctl -w ${words.join(' ')}`;
  }
}

async function raise(path: string, places: number): Promise<void> {
  if (Number(await readFile(path, 'utf8')) < places) await writeFile(path, `${places}\n`);
}
