// Mounts that interrupted work left behind: before their folder is deleted they have to go, or what is mounted
// would be deleted.
import { readFile } from 'node:fs/promises';
import { runProgram } from '../processes/program.ts';

/**
 * Takes away every mount at or below `folder`, also those in use.
 * @throws {WaltError} if one of them cannot be taken away
 */
export async function unmountBelow(folder: string): Promise<void> {
  for (const point of (await pointsBelow(folder)).reverse()) {
    try {
      await runProgram('umount', ['--lazy', point]);
    } catch (reason) {
      // The program whose mount it was may have taken it away by itself meanwhile.
      if ((await pointsBelow(folder)).includes(point)) throw reason;
    }
  }
}

async function pointsBelow(folder: string): Promise<string[]> {
  const points = mountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
  return points.filter((point) => point === folder || point.startsWith(`${folder}/`));
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
