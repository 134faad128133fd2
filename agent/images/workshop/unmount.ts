// Mounts that interrupted work left behind: before their folder is deleted they have to go, or what is mounted
// would be deleted.
import { readFile } from 'node:fs/promises';
import { runProgram } from '../../host/program.ts';

/** Takes away every mount at or below `folder`, also those in use. */
export async function unmountBelow(folder: string): Promise<void> {
  const points = mountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
  const below = points.filter((point) => point === folder || point.startsWith(`${folder}/`));
  for (const point of below.reverse()) await runProgram('umount', ['--lazy', point]);
}

/** Fifth field of each line; a space is written as `\040` (proc_pid_mountinfo(5)). */
export function mountPoints(mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point !== '')
    .map((point) =>
      point.replaceAll(/\\([0-7]{3})/g, (_, octal) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
}
