// Numbers of users and groups of this machine. By getent(1) where they are not in files of /etc: not all are.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Exit status of getent(1): there is no such entry. */
const NO_ENTRY = 2;

/** @returns undefined where there is none of this name; `gid` is that of the group itself, or of the user's own one */
export async function idsOf(
  kind: 'passwd' | 'group',
  name: string,
): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  const local = idsIn(await readFile(`/etc/${kind}`, 'utf8').catch(() => ''), { kind, name });
  if (local !== undefined) return local;
  try {
    const { stdout } = await promisify(execFile)('getent', [kind, name]);
    return idsIn(stdout, { kind, name });
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === NO_ENTRY) return undefined;
    throw reason;
  }
}

/** @param text as of passwd(5) or group(5) */
function idsIn(
  text: string,
  { kind, name }: { readonly kind: 'passwd' | 'group'; readonly name: string },
): { readonly uid: number; readonly gid: number } | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name}:`));
  const [, , first = '', second = ''] = line?.split(':') ?? [];
  if (!/^\d+$/.test(first)) return undefined;
  return kind === 'group'
    ? { uid: 0, gid: Number(first) }
    : { uid: Number(first), gid: Number(second) };
}
