// Loop devices that are left of a server that was killed together with the program that mounts.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../processes/program.ts';

const DEVICES = '/sys/block';

/** Lets go of all devices of files below `folder`: those that are mounted stay for as long as they are, and no program is run for them. */
export async function releaseDevices(folder: string): Promise<void> {
  const names = await readdir(DEVICES).catch(() => []);
  for (const name of names.filter((each) => each.startsWith('loop'))) {
    // A device without a file has none (ENOENT), and it may go at any moment.
    const factOf = (fact: string) =>
      readFile(join(DEVICES, name, 'loop', fact), 'utf8').catch(() => '');
    const file = await factOf('backing_file');
    // One that goes by itself was let go of already.
    if (!file.startsWith(`${folder}/`) || (await factOf('autoclear')).trim() === '1') continue;
    await runProgram('losetup', ['--detach', join('/dev', name)]).catch(() => undefined);
  }
}
