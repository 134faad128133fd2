// Shows an NFS server the file systems that we have mounted. It may be in a mount namespace of its own (a container, a unit of
// systemd, or one that an earlier server of ours made), which later mounts of ours do not reach.
import { readFile } from 'node:fs/promises';
import { runProgram } from '../host/program.ts';

type Mount = {
  readonly device: string;
  readonly type: string;
  readonly source: string;
};

/**
 * Mounts what this process has at `paths` at the same places for another one. The rest stays as it is.
 * @param pid of a process in the other namespace
 * @throws {WaltError} with the reason of mount(8)
 */
export async function showMounts(pid: number, paths: Iterable<string>): Promise<void> {
  const ours = await mountsOf('self');
  const theirs = await mountsOf(String(pid));
  for (const path of new Set(paths)) {
    const mount = ours.get(path);
    if (mount === undefined || theirs.get(path)?.device === mount.device) continue;
    const { type, source } = mount;
    const options = ['-i', '-t', type, '-o', 'ro,nosuid,nodev', source, path];
    await runProgram('nsenter', [`--target=${pid}`, '--mount', 'mount', ...options]);
  }
}

/** Of a process, by their places; the last one mounted counts. None where the process has ended. */
async function mountsOf(pid: string): Promise<Map<string, Mount>> {
  const text = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    // proc(5): … major:minor root place options [tags] - type source …
    const [before = '', after = ''] = line.split(' - ');
    const [, , device = '', , place = ''] = before.split(' ');
    const [type = '', source = ''] = after.split(' ');
    mounts.set(unescaped(place), { device, type, source: unescaped(source) });
  }
  return mounts;
}

/** proc(5): spaces and the like are a backslash and three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
