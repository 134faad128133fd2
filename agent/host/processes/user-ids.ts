// Numbers of users and groups of this machine. By getent(1): not all of them are in files of /etc.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Exit status of getent(1): there is no such entry. */
const NO_ENTRY = 2;

/** @returns undefined where there is none of this name; `gid` is that of the group itself, or of the user's own one */
export async function idsOf(
  kind: 'passwd' | 'group',
  name: string,
): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  try {
    const { stdout } = await promisify(execFile)('getent', [kind, name]);
    const [, , first, second] = stdout.trim().split(':');
    return kind === 'group'
      ? { uid: 0, gid: Number(first) }
      : { uid: Number(first), gid: Number(second) };
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === NO_ENTRY) return undefined;
    throw reason;
  }
}
