// Removes what a build left behind when it was killed: what Debian's tools had mounted in it is unmounted first, as
// removing it would go on into the host's own files.
import { readFile, realpath, rm } from 'node:fs/promises';
import { $ } from '../run.ts';

/** Unmounts whatever is mounted in a folder, then removes the folder. */
export async function removeTree(folder: string): Promise<void> {
  const inside = `${await realpath(folder)}/`;
  const mounts = (await mountPoints()).filter((path) => path.startsWith(inside));
  // What was mounted last may lie in what was mounted first.
  for (const path of mounts.toReversed()) await $`umount ${path}`;
  await rm(folder, { recursive: true });
}

/** In the order in which they were mounted. proc_pid_mountinfo(5): field 5, with special characters in octal. */
async function mountPoints(): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const path = line.split(' ')[4];
    return path === undefined
      ? []
      : [path.replace(/\\([0-7]{3})/g, (_, octal) => fromOctal(octal))];
  });
}

function fromOctal(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 8));
}
