// systemd on a disk, in a container of the Linux kernel's own parts (container.sh): no other program is needed for it.
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Background } from '../programs/background.ts';
import { runProgram, succeed } from '../programs/run-program.ts';
import { watchOver } from '../programs/watchdog.ts';
import type { Running } from './plugged-machine.ts';

const LOOP = join(import.meta.dirname, 'container-loop.sh');
/** A group is gone when its last process is. */
const END_SECONDS = 30;

/** @param options.network name of its network namespace. @param options.folder where its file system is mounted */
export async function startSystemd({
  disk,
  folder,
  network,
  name,
}: {
  readonly disk: string;
  readonly folder: string;
  readonly network: string;
  readonly name: string;
}): Promise<Running> {
  const group = join(await controlGroups(), `walt-box-${name}-${process.pid}`);
  const root = join(folder, 'root');
  await mkdir(root, { recursive: true });
  watchOver({ groups: [group] });
  await mkdir(group, { recursive: true });
  const words = ['nsenter', `--net=/run/netns/${network}`, 'sh', LOOP, group, disk, root];
  const systemd = new Background(words);
  return {
    async stop() {
      await systemd.kill();
      await endGroup(group);
      await detachDevices(disk);
    },
    serial: async () => systemd.said,
  };
}

/** Where control groups of version 2 are. @throws {Error} where they are not */
async function controlGroups(): Promise<string> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  const [, place] = /^\S+ (\S+) cgroup2 /m.exec(mounts) ?? [];
  if (place === undefined)
    throw new Error('This machine has no control groups of version 2 (cgroup2)');
  return place;
}

/** Ends what runs in a group, and removes it with those in it. */
async function endGroup(group: string): Promise<void> {
  const remove = `echo 1 >'${group}/cgroup.kill'; find '${group}' -depth -type d -exec rmdir {} +`;
  for (let round = 0; round < END_SECONDS * 10; round += 1) {
    await runProgram(['sh', '-c', remove]);
    const isGone = await rmdir(group).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    );
    if (isGone) return;
    await sleep(100);
  }
  throw new Error(`Processes of ${group} did not end`);
}

/** Waits until nothing has the disk any more: whoever mounted it once more meanwhile would destroy it. */
async function detachDevices(disk: string): Promise<void> {
  for (let round = 0; round < END_SECONDS * 10; round += 1) {
    const { stdout } = await succeed([
      'losetup',
      '--noheadings',
      '--output',
      'NAME,MAJ:MIN',
      '--associated',
      disk,
    ]);
    const devices = stdout.toString().split('\n').filter(Boolean);
    if (devices.length === 0) return;
    for (const device of devices) await detachFilesOn(device.trim().split(/\s+/)[1] ?? '');
    await sleep(100);
  }
  throw new Error(`${disk} is still mounted`);
}

/** A server that was killed leaves loop devices of files on that disk, which hold it. */
async function detachFilesOn(numbers: string): Promise<void> {
  const list = await succeed([
    'losetup',
    '--noheadings',
    '--list',
    '--output',
    'NAME,BACK-MAJ:MIN',
  ]);
  for (const line of list.stdout.toString().split('\n')) {
    const [device = '', on] = line.trim().split(/\s+/);
    if (on === numbers) await runProgram(['losetup', '--detach', device]);
  }
}
