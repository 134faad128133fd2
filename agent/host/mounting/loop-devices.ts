// Loop devices that are left of a server that was killed together with the program that mounts.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../processes/program.ts';

const DEVICES = '/sys/block';

/** Lets go of all devices of files below `folder`: those that are mounted stay for as long as they are, and no program is run for them. */
export async function releaseDevices(folder: string): Promise<void> {
  const names = await readdir(DEVICES).catch(() => []);
  // Some machines have hundreds of devices without a file: a thread that looks at each costs more than the look.
  const used = names.filter((name) => existsSync(join(DEVICES, name, 'loop')));
  const held = await Promise.all(used.map((name) => isHeld(name, folder)));
  for (const name of used.filter((_, index) => held[index])) {
    await runProgram('losetup', ['--detach', join('/dev', name)]).catch(() => undefined);
  }
}

/** Whether a device has a file below `folder`, and nobody has let go of it yet: it would go by itself then. */
async function isHeld(name: string, folder: string): Promise<boolean> {
  // It may go at any moment.
  const factOf = (fact: string) =>
    readFile(join(DEVICES, name, 'loop', fact), 'utf8').catch(() => '');
  const [file, autoclear] = await Promise.all([factOf('backing_file'), factOf('autoclear')]);
  return file.startsWith(`${folder}/`) && autoclear.trim() !== '1';
}
