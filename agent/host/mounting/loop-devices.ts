// Loop devices that are left of a server that was killed together with the program that mounts.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../processes/program.ts';

const DEVICES = '/sys/block';

/** Lets go of all devices of files below `folder`: those that are mounted stay for as long as they are. */
export async function releaseDevices(folder: string): Promise<void> {
  const names = await readdir(DEVICES).catch(() => []);
  for (const name of names.filter((each) => each.startsWith('loop'))) {
    // A device without a file has none (ENOENT), and it may go at any moment.
    const file = await readFile(join(DEVICES, name, 'loop/backing_file'), 'utf8').catch(() => '');
    if (!file.startsWith(`${folder}/`)) continue;
    await runProgram('losetup', ['--detach', join('/dev', name)]).catch(() => undefined);
  }
}
