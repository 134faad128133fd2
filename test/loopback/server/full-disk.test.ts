// The disk that holds the state is full, or read-only: the server starts on it, known nodes boot, leases are renewed, nothing new
// is taken, and the log says so in words.
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LEASE, TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import type { Lab } from '../../../lab/lab.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { type Namespace, plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SERVER = '192.168.152.1';
const LOADER = join(import.meta.dirname, '../../../lab/firmware/loader.sh');
/** An image is let in where 1 GB is left behind it. */
const ROOMY = 'size=4g';
const soon = { what: 'the server', seconds: 60 };

async function plug(t: ExecutionContext, lab: Lab, number: number): Promise<Namespace> {
  const name = `walt-lab-${lab.namespace.name.slice(9, 13)}${number}-${process.pid}`;
  const card = { name: 'card', mac: `52:54:00:00:0b:0${number}`, port: `port${number}` };
  const machine = await plugMachine(lab.namespace, { name, card });
  t.teardown(() => machine.remove());
  return machine;
}

/** A disk in memory is made smaller rather than filled: what is left then takes a moment. */
async function fillUp(state: string): Promise<void> {
  const { blocks, bfree, bsize } = await statfs(state);
  const size = `size=${(blocks - bfree + 16) * bsize}`;
  await succeed(['mount', '-o', `remount,${size}`, state]);
  await runProgram([
    'dd',
    'if=/dev/zero',
    `of=${state}/filler`,
    'bs=4k',
    'oflag=append',
    'conv=notrunc',
  ]);
}

/** Asks for an address as a system does, once or twice. @returns whether it got one */
async function leases(machine: Namespace): Promise<boolean> {
  return (await runProgram(machine.command(LEASE))).code === 0;
}

/** Ends what this test has started in a namespace. @returns whether there was something */
async function killAllOf({ name }: Namespace): Promise<boolean> {
  const { said } = await runProgram(['ip', 'netns', 'pids', name]);
  const pids = said.split('\n').filter(Boolean).map(Number);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length > 0;
}

/** Whether NFS is served. */
async function servesNfs(lab: Lab): Promise<boolean> {
  const { said } = await runProgram(lab.namespace.command(['ss', '-Hltn', 'sport = :2049']));
  return said.includes('LISTEN');
}

async function mountMemory(state: string): Promise<void> {
  await succeed(['mount', '-t', 'tmpfs', '-o', `${ROOMY},mode=0700`, 'walt-test', state]);
}

/** A disk that is not written any more after its first error, as Debian's installer sets them up. */
async function mountDisk(state: string): Promise<void> {
  const file = `${state}.ext4`;
  await succeed(['truncate', '-s', '4G', file]);
  await succeed(['mkfs.ext4', '-q', file]);
  await succeed(['mount', '-o', 'loop,errors=remount-ro', file, state]);
}

/** As if the kernel had found an error on it. */
async function breakDisk(state: string): Promise<void> {
  const { said } = await succeed(['findmnt', '--noheadings', '--output', 'SOURCE', state]);
  const device = said.trim().replace('/dev/', '');
  await writeFile(`/sys/fs/ext4/${device}/trigger_fs_error`, 'walt-test');
}

/** A lab whose state is on a disk of its own, with a node that has booted and a phone that has an address. */
async function openDiskLab(t: ExecutionContext, name: string, mount = mountMemory) {
  const lab = await openLab(t, name, { images: { registries: [] } });
  const folder = await temporaryFolder(t);
  const state = join(lab.folder, 'state');
  await mkdir(state);
  await mount(state);
  t.teardown(() => runProgram(['umount', '--lazy', state]));
  const pc = await plug(t, lab, 1);
  const phone = await plug(t, lab, 2);
  const stranger = await plug(t, lab, 3);
  const isBooted = async (wanted = 'booted') => {
    const stateOf = async () => {
      const { nodes } = JSON.parse(await lab.walt('node', 'show', '--all', '--json'));
      return nodes[0]?.state;
    };
    return await eventually(stateOf, (is) => is === wanted, 60);
  };
  /** The node is switched off, if it was on, and on again. */
  const boot = async () => {
    if (await killAllOf(pc)) await isBooted('down');
    const machine = new Background(
      pc.command(['sh', LOADER, 'card', SERVER, TAKE_ADDRESS, folder]),
    );
    t.teardown(() => machine.kill());
    await isBooted();
  };
  await lab.startServer();
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  await boot();
  t.true(await leases(phone));
  return { lab, state, boot, phone, stranger };
}

/** Four devices with the server itself: what became known is so after a crash as well. */
async function knowsAll(t: ExecutionContext, lab: Lab): Promise<void> {
  await lab.endServer('SIGKILL');
  await lab.startServer();
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  t.is(devices.length, 4);
}

test.serial(
  'a server whose disk is full serves what it knows, and takes nothing new',
  async (t) => {
    t.timeout(8 * 60_000);
    const { lab, state, boot, phone, stranger } = await openDiskLab(t, 'full');
    await fillUp(state);
    await waitForText(lab.serverLog, /the disk of \S+ is full\. Make room/, soon);
    await boot();
    t.true(await leases(phone), 'a known device renews its lease');
    t.false(await leases(stranger), 'a new one gets nothing that could not be kept');
    await waitForText(lab.serverLog, /Cannot write to the database: the disk is full/, soon);
    // The machine is started anew: NFS as well.
    await lab.endServer('SIGTERM');
    await killAllOf(lab.namespace);
    await fillUp(state);
    await lab.startServer();
    await boot();
    t.true(await leases(phone));
    t.false(await leases(stranger));

    t.notRegex(await lab.serverLog(), /mounts no EROFS/, 'that could not be tried');

    await rm(join(state, 'filler'));
    await succeed(['mount', '-o', `remount,${ROOMY}`, state]);
    await waitForText(lab.serverLog, /the disk of \S+ has room again/, soon);
    t.true(await leases(stranger), 'it takes new devices again');
    await eventually(
      () => servesNfs(lab),
      (isServed) => isServed,
      60,
    );
    await knowsAll(t, lab);
  },
);

test.serial(
  'a server that starts on a read-only disk serves what it knows, and takes nothing new',
  async (t) => {
    t.timeout(8 * 60_000);
    const { lab, state, boot, phone, stranger } = await openDiskLab(t, 'rodi');
    await lab.endServer('SIGTERM');
    await succeed(['mount', '-o', 'remount,bind,ro', state]);
    await lab.startServer();
    await waitForText(
      lab.serverLog,
      /the disk of \S+ is read-only: nodes that are known boot/,
      soon,
    );
    await boot();
    t.true(await leases(phone));
    t.false(await leases(stranger));
    await waitForText(lab.serverLog, /Cannot write to the database: the disk is read-only/, soon);
    t.notRegex(await lab.serverLog(), /mounts no EROFS/, 'that could not be tried');
    await lab.endServer('SIGTERM');
    await succeed(['mount', '-o', 'remount,bind,rw', state]);
    await lab.startServer();
    t.true(await leases(stranger));
    await knowsAll(t, lab);
  },
);

test.serial(
  'a server whose disk fails while it runs serves what it knows, and takes nothing new',
  async (t) => {
    t.timeout(8 * 60_000);
    const { lab, state, boot, phone, stranger } = await openDiskLab(t, 'fail', mountDisk);
    await breakDisk(state);
    await waitForText(lab.serverLog, /the disk of \S+ is read-only: nodes that are known/, soon);
    await boot();
    t.true(await leases(phone), 'a known device renews its lease');
    t.false(await leases(stranger), 'a new one gets nothing that could not be kept');
    await waitForText(
      lab.serverLog,
      /Cannot write to the database: the disk is (full or broken|read-only)/,
      soon,
    );
    const { said } = await lab.tryWalt('device', 'rename', 'unknown-000b02', 'phone');
    t.regex(said, /the disk is (full or broken|read-only)/);
    t.notRegex(await lab.serverLog(), / {4}at /, 'no error of ours');
    await lab.endServer('SIGTERM');
  },
);
