// What root of a node may try on the files that it keeps, byte by byte, with the real nfs-ganesha: whatever the server answers,
// nothing on its disk belongs to somebody else, is a device, or leads out of the share.
import type { Stats } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNfsNetwork, type NfsNetwork, SERVER } from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';
import type { Step } from '../../support/nfs/writes.ts';

const PROGRAM = fileURLToPath(new URL('../../support/nfs/writes.ts', import.meta.url));
const NODES = [
  { ip: '192.168.152.11', mac: '52:54:00:00:00:11', owner: 'alice' },
  { ip: '192.168.152.12', mac: '52:54:00:00:00:12', owner: 'bob' },
] as const;
const [ALICE, BOB] = NODES;
type TestNode = (typeof NODES)[number];
const FIRST_ID = 1_879_048_192;
const NOBODY = 65_534;
const PROGRAM_OF_ROOT = 0o6755;
/** RFC 1813 §2.6 */
const OK = 0;
const PERM = 1;
const XDEV = 18;
const NOSPC = 28;
const ROFS = 30;

let network: NfsNetwork;
let work: string;
let server: NfsProcess;
const keptOf = ({ ip }: TestNode) => `/var/lib/walt/nodes/${ip}/persist`;
const imageOf = ({ ip }: TestNode) => `/var/lib/walt/nodes/${ip}/fs`;

/** As ganesha sees a share, which has mounts of its own. */
async function inside({ owner, mac }: TestNode): Promise<string> {
  const pid = Number(await readFile(join(work, 'state/nfs/ganesha.pid'), 'utf8'));
  return `/proc/${pid}/root${join(work, 'state/persist', owner, mac, 'files')}`;
}

async function onServer(node: TestNode, name: string): Promise<Stats> {
  return await lstat(join(await inside(node), name));
}

type Answers = { readonly statuses: number[]; readonly handles: string[] };

/** Mounts a node's share and its image, folder 1, or takes others' handles for them. */
async function take(
  node: TestNode,
  steps: readonly Step[],
  folders: readonly string[] = [keptOf(node), imageOf(node)],
): Promise<Answers> {
  const argv = [process.execPath, PROGRAM, SERVER, JSON.stringify(folders), JSON.stringify(steps)];
  const { stdout, said } = await runProgram(network.node(node.ip).command(argv), { seconds: 120 });
  try {
    return JSON.parse(stdout.toString()) as Answers;
  } catch (cause) {
    throw new Error(`Cannot read the answers: ${stdout.toString()} ${said}`, { cause });
  }
}

/** What the server answered to each step. */
async function attempt(node: TestNode, steps: readonly Step[]): Promise<number[]> {
  return (await take(node, steps)).statuses;
}

test.before(async () => {
  work = await mkdtemp(join(tmpdir(), 'walt-kept-attacks-'));
  network = await createNfsNetwork(`watt${process.pid}`, [11, 12]);
  for (const folder of ['image', 'state']) await mkdir(join(work, folder));
  await writeFile(join(work, 'image/name'), 'image');
  await writeFile(join(work, 'secret'), 'secret of the server');
  server = new NfsProcess(network.server, { address: SERVER, folder: join(work, 'state/nfs') });
  await server.tell({ do: 'start' });
  const exports = NODES.map(({ ip, mac }) => ({ ip, mac, imagePath: join(work, 'image') }));
  const owners = Object.fromEntries(NODES.map(({ mac, owner }) => [mac, owner]));
  await server.tell({ do: 'apply', exports, owners });
});

test.after.always(async () => {
  await server?.tell({ do: 'stop' });
  await server?.kill();
  await network?.remove();
  await rm(work, { recursive: true, force: true });
});

test.serial('a file stays its owner’s, whatever chown and creation ask for', async (t) => {
  const answers = await attempt(ALICE, [
    { do: 'create', name: 'note', to: { mode: 0o644 } },
    { do: 'setattr', name: 'note', to: { uid: NOBODY, gid: NOBODY } },
    { do: 'create', name: 'of-nobody', to: { uid: NOBODY } },
    { do: 'create', name: 'of-root', to: { uid: 0, gid: 0, mode: PROGRAM_OF_ROOT } },
    { do: 'setattr', name: 'of-root', to: { uid: 0, gid: 0, mode: PROGRAM_OF_ROOT } },
    { do: 'create', name: 'of-bob', to: { uid: FIRST_ID + 1, gid: FIRST_ID + 1 } },
    { do: 'setattr', name: 'of-bob', to: { uid: FIRST_ID + 1, gid: FIRST_ID + 1 } },
    { do: 'mkdir', name: 'folder', to: { uid: 0, gid: 0, mode: 0o7777 } },
    { do: 'setattr', name: 'folder', to: { uid: 0, gid: 0 } },
    { do: 'setattr', name: '.', to: { uid: 0, gid: 0 } },
  ]);
  t.deepEqual([...new Set(answers)], [OK]);
  const names = await readdir(await inside(ALICE));
  t.deepEqual(names.toSorted(), ['folder', 'note', 'of-bob', 'of-nobody', 'of-root']);
  for (const name of [...names, '.']) {
    const { uid, gid } = await onServer(ALICE, name);
    t.deepEqual([name, uid, gid], [name, FIRST_ID, FIRST_ID]);
  }
});

test.serial('there are no devices, and pipes and sockets are the owner’s', async (t) => {
  const answers = await attempt(ALICE, [
    { do: 'mknod', name: 'block', type: 3, to: { mode: 0o666 } },
    { do: 'mknod', name: 'character', type: 4, to: { mode: 0o666 } },
    { do: 'mknod', name: 'socket', type: 6, to: { uid: 0 } },
    { do: 'mknod', name: 'pipe', type: 7, to: { uid: 0 } },
  ]);
  t.deepEqual(answers, [PERM, PERM, OK, OK]);
  for (const name of await readdir(await inside(ALICE))) {
    const found = await onServer(ALICE, name);
    t.false(found.isBlockDevice() || found.isCharacterDevice(), name);
    t.is(found.uid, FIRST_ID, name);
  }
});

test.serial('symbolic links lead nowhere on the server, by lookup or by mount', async (t) => {
  const paths = ['/', '/etc', join(work), `../../../bob/${BOB.mac}/files`, '../../../..', '..'];
  for (const [index, target] of paths.entries()) {
    const name = `link-${index}`;
    const [made, ...followed] = await attempt(ALICE, [
      { do: 'symlink', name, target },
      { do: 'lookup', name: 'etc', below: name },
      { do: 'lookup', name: 'secret', below: name },
      { do: 'mount', path: `${keptOf(ALICE)}/${name}` },
      { do: 'mount', path: `${keptOf(ALICE)}/${name}/etc` },
      { do: 'mount', path: `${keptOf(ALICE)}/${name}/image` },
    ]);
    t.is(made, OK);
    for (const status of followed) t.not(status, OK, `${target}: ${followed}`);
  }
  const climbs: Step[] = ['..', '../files', '../lost+found', '../../..'].flatMap((name) => [
    { do: 'mount', path: `${keptOf(ALICE)}/${name}` },
    ...(name === '..' ? [] : [{ do: 'lookup' as const, name }]),
  ]);
  climbs.push({ do: 'climb' });
  for (const [index, status] of (await attempt(ALICE, climbs)).entries()) {
    t.not(status, OK, JSON.stringify(climbs[index]));
  }
});

test.serial('hard links and renames stay within the share', async (t) => {
  const answers = await attempt(ALICE, [
    { do: 'link', name: 'of-image', of: 'name', from: 1 },
    { do: 'rename', name: 'taken', of: 'name', from: 1 },
    { do: 'create', name: 'first', to: {} },
    { do: 'link', name: 'second', of: 'first' },
  ]);
  t.deepEqual(answers.slice(2), [OK, OK]);
  t.true([XDEV, ROFS].includes(answers[0] ?? OK), `${answers}`);
  t.true([XDEV, ROFS].includes(answers[1] ?? OK), `${answers}`);
  const names = await readdir(await inside(ALICE));
  t.false(names.includes('of-image') || names.includes('taken'));
  t.is((await onServer(ALICE, 'second')).nlink, 2);
  t.is(await readFile(join(work, 'image/name'), 'utf8'), 'image');
});

test.serial('the handle of another node’s share opens nothing', async (t) => {
  const { handles } = await take(ALICE, []);
  const [handle = ''] = handles;
  t.true(handle.length > 20);
  const steps: Step[] = [
    { do: 'lookup', name: 'note' },
    { do: 'create', name: 'planted', to: {} },
    { do: 'setattr', name: 'note', to: { size: 0 } },
    { do: 'symlink', name: 'planted', target: '/' },
    { do: 'rename', name: 'planted', of: 'note' },
    { do: 'link', name: 'planted', of: 'note' },
  ];
  const { statuses } = await take(BOB, steps, [handle]);
  for (const status of statuses) t.not(status, OK, `${statuses}`);
  t.deepEqual((await take(ALICE, steps.slice(0, 2), [handle])).statuses, [OK, OK]);
  const own = await take(
    BOB,
    [{ do: 'link', name: 'stolen', of: 'note', from: 2 }],
    [...[keptOf(BOB), imageOf(BOB), handle]],
  );
  t.not(own.statuses[0], OK);
  t.false((await readdir(await inside(BOB))).includes('stolen'));
});

test.serial('a full disk, or one with too many files, is so for its node alone', async (t) => {
  const MEGABYTE = 2 ** 20;
  const steps: Step[] = Array.from({ length: 20 }, (_, index) => [
    { do: 'create' as const, name: `big-${index}`, to: {} },
    { do: 'write' as const, name: `big-${index}`, bytes: MEGABYTE },
  ]).flat();
  const disks = NODES.map(({ owner, mac }) => join(work, 'state/persist', owner, `${mac}.disk`));
  const taken = async () => {
    const found = await Promise.all(disks.map((disk) => stat(disk)));
    return found.map(({ size, blocks }) => ({ size, blocks }));
  };
  const before = await taken();
  t.true((await attempt(ALICE, steps)).includes(NOSPC));
  t.deepEqual(await attempt(BOB, [{ do: 'fill', most: 10_000 }]), [NOSPC]);
  t.deepEqual(await taken(), before, 'the server’s disk is as full as before');
  t.deepEqual(await attempt(ALICE, [{ do: 'create', name: 'big-0', to: { size: 0 } }]), [OK]);
  t.deepEqual(await attempt(BOB, [{ do: 'write', name: 'small-0', bytes: 5 }]), [OK]);
});
