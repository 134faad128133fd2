// Shows an NFS server the file systems that we have mounted. It may be in a mount namespace of its own (a container, a unit of
// systemd, or one that an earlier server of ours made), which later mounts of ours do not reach.
import { mountsOf } from '../folders/mount-table.ts';
import { runProgram } from '../processes/program.ts';

/**
 * Mounts what this process has at `paths` at the same places for another one. The rest stays as it is.
 * @param pid of a process in the other namespace
 * @throws {WaltError} with the reason of mount(8)
 */
export async function showMounts(pid: number, paths: readonly string[]): Promise<void> {
  const ours = await mountsOf('self');
  const theirs = await mountsOf(pid);
  for (const path of new Set(paths)) {
    const mount = ours.get(path);
    if (mount === undefined || theirs.get(path)?.device === mount.device) continue;
    const { type, source } = mount;
    const rights = mount.options.startsWith('rw') ? 'rw' : 'ro';
    const options = ['-i', '-t', type, '-o', `${rights},nosuid,nodev`, source, path];
    await runProgram('nsenter', [`--target=${pid}`, '--mount', 'mount', ...options]);
  }
}
