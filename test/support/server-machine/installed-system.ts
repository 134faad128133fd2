// A system of its own for packages: this machine's files, with what is written kept in memory, and gone at the end of the test.
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { watchOver } from '../../../lab/programs/watchdog.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** No systemd runs in it, and no network is its own. */
export type InstalledSystem = {
  /** Runs a shell command there. @returns what it said, on both channels. @throws {Error} where it fails */
  shell(command: string): Promise<string>;
};

/** By their numbers in Linux's table of devices. */
const DEVICES = [
  ['null', '3'],
  ['zero', '5'],
  ['random', '8'],
  ['urandom', '9'],
] as const;

/** @param debs packages that lie in /root of it */
export async function openSystem(
  t: ExecutionContext,
  debs: readonly string[],
): Promise<InstalledSystem> {
  const folder = await temporaryFolder(t);
  const [memory, root] = [join(folder, 'memory'), join(folder, 'memory/root')];
  await mkdir(memory);
  await succeed(['mount', '-t', 'tmpfs', 'tmpfs', memory]);
  watchOver({ folders: [folder] });
  t.teardown(async () => {
    await runProgram(['umount', '--recursive', memory]);
  });
  const [upper, work] = [join(memory, 'upper'), join(memory, 'work')];
  for (const each of [root, upper, work]) await mkdir(each);
  const layers = `lowerdir=/,upperdir=${upper},workdir=${work}`;
  await succeed(['mount', '-t', 'overlay', 'overlay', '-o', layers, root]);
  await succeed(['mount', '-t', 'proc', 'proc', join(root, 'proc')]);
  await succeed(['mount', '-t', 'tmpfs', 'tmpfs', join(root, 'run')]);
  // None of this machine's own devices: what cleans up may not reach them.
  await succeed(['mount', '-t', 'tmpfs', 'tmpfs', join(root, 'dev')]);
  for (const [name, minor] of DEVICES) {
    await succeed(['mknod', '-m', '666', join(root, 'dev', name), 'c', '1', minor]);
  }
  for (const deb of debs) await copyFile(deb, join(root, 'root', basename(deb)));
  const inside = ['chroot', root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', 'sh', '-c'];
  return {
    async shell(command) {
      const { stdout } = await succeed([...inside, `exec 2>&1; ${command}`], { seconds: 300 });
      return stdout.toString();
    },
  };
}
