// Shows an NFS server the file systems that we have mounted. It may be in a mount namespace of its own (a container, a unit of
// systemd, or one that an earlier server of ours made), which later mounts of ours do not reach.
import { stat } from 'node:fs/promises';
import { mountsOf } from '../folders/mount-table.ts';
import { openBeneath } from '../folders/open-beneath.ts';
import { runProgram } from '../processes/program.ts';

/**
 * Mounts what this process has at `paths` at the same places for another one. The rest stays as it is. A place is opened in the
 * other one's mounts first, through no link: whoever changes a folder above it meanwhile leads the mount nowhere else.
 * One that has ended, or ends meanwhile, is shown nothing.
 * @param pid of a process in the other namespace
 * @param paths absolute, without links
 * @throws {WaltError} with the reason of mount(8), or where a link leads to a place
 */
export async function showMounts(pid: number, paths: readonly string[]): Promise<void> {
  try {
    await show(pid, paths);
  } catch (thrown) {
    if (await runs(pid)) throw thrown;
  }
}

async function show(pid: number, paths: readonly string[]): Promise<void> {
  const ours = await mountsOf('self');
  const theirs = await mountsOf(pid);
  for (const path of new Set(paths)) {
    const mount = ours.get(path);
    if (mount === undefined || theirs.get(path)?.device === mount.device) continue;
    const { type, source } = mount;
    const rights = mount.options.startsWith('rw') ? 'rw' : 'ro';
    const options = ['-i', '--no-canonicalize', '-t', type, '-o', `${rights},nosuid,nodev`, source];
    const beneath = { folder: rootOf(pid), path: path.slice(1), kind: 'folder' } as const;
    await using place = await openBeneath(beneath);
    const enter = [`--target=${pid}`, '--mount', 'mount', ...options, '/proc/self/fd/3/.'];
    await runProgram('nsenter', enter, { files: [place.fd] });
  }
}

/** One that has ended, and that nobody has waited for, has no root any more. Where this cannot be told it runs. */
async function runs(pid: number): Promise<boolean> {
  return await stat(rootOf(pid)).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ESRCH',
  );
}

function rootOf(pid: number): string {
  return `/proc/${pid}/root`;
}
