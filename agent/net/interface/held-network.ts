// The network that walt-net is in, at a fixed place: units of systemd begin in it by that (NetworkNamespacePath=), whichever it is.
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WaltError } from '../../errors.ts';
import { mountsOf } from '../../host/folders/mount-table.ts';
import { runProgram } from '../../host/processes/program.ts';

/** As the units say. */
export const HELD_NETWORK = '/run/walt-network/net';

/** Who holds it is in the network of the machine. */
const NETWORK_OF_MACHINE = '/proc/self/ns/net';

/**
 * Holds a network there, in place of another one.
 * @param namespace its name, as `ip netns` has it; undefined for the network of the machine
 * @throws {WaltError} with what `mount` said
 */
export async function holdNetwork(
  namespace: string | undefined,
  place: string = HELD_NETWORK,
): Promise<void> {
  const wanted = namespace === undefined ? NETWORK_OF_MACHINE : `/run/netns/${namespace}`;
  const { ino } = await stat(wanted).catch((cause) => {
    throw new WaltError(`Cannot hold network ${namespace}: there is none of this name`, { cause });
  });
  if ((await stat(place).catch(() => undefined))?.ino === ino) return;
  await releaseNetwork(place);
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  await (await open(place, 'a', 0o600)).close();
  await runProgram('mount', ['--bind', wanted, place]);
}

/** Lets it go: a network that nobody is in, and that has no name, is no more. */
export async function releaseNetwork(place: string = HELD_NETWORK): Promise<void> {
  while ((await mountsOf('self')).has(place)) await runProgram('umount', ['--lazy', place]);
  await rm(place, { force: true });
}
