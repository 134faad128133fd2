// What nodes keep on the server, with the real nfs-ganesha and real NFS clients: each node writes its own files, and nothing else.
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  statfs,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { mountsOf } from '../../../agent/host/folders/mount-table.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNfsNetwork, type NfsNetwork, SERVER } from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';

const A = '192.168.152.11';
const B = '192.168.152.12';
const MAC_A = '52:54:00:00:00:11';
const MAC_B = '52:54:00:00:00:12';
const OWNERS = { [MAC_A]: 'alice', [MAC_B]: 'bob' };
const keptOf = (name: string) => `/var/lib/walt/nodes/${name}/persist`;
const V3 = { version: 3 } as const;

let network: NfsNetwork;
let work: string;
let server: NfsProcess;

const exportsOf = (): { ip: string; mac: string; imagePath: string }[] =>
  [
    [A, MAC_A],
    [B, MAC_B],
  ].map(([ip = '', mac = '']) => ({ ip, mac, imagePath: join(work, 'image') }));

const start = () =>
  new NfsProcess(network.server, { address: SERVER, folder: join(work, 'state', 'nfs') });

/** As ganesha sees a share, which has mounts of its own. */
async function inside(owner: string, mac: string): Promise<string> {
  const pid = Number(await readFile(join(work, 'state/nfs/ganesha.pid'), 'utf8'));
  return `/proc/${pid}/root${join(work, 'state/persist', owner, mac, 'files')}`;
}

/** Copies a file of this machine to a node's share; what the client said. */
async function copy(ip: string, source: string, path: string): Promise<string> {
  const argv = ['nfs-cp', source, `nfs://${SERVER}${path}?version=3`];
  const { stdout, said } = await runProgram(network.node(ip).command(argv), { seconds: 60 });
  return stdout.toString() || said;
}

test.before(async () => {
  work = await mkdtemp(join(tmpdir(), 'walt-kept-'));
  network = await createNfsNetwork(`wkept${process.pid}`, [11, 12]);
  await mkdir(join(work, 'image'));
  await mkdir(join(work, 'state'));
  await writeFile(join(work, 'image/name'), 'image');
  await writeFile(join(work, 'secret'), 'secret of the server');
  await writeFile(join(work, 'big'), '');
  await truncate(join(work, 'big'), 20 * 2 ** 20);
  server = start();
  await server.tell({ do: 'start' });
  await server.tell({ do: 'apply', exports: exportsOf(), owners: OWNERS });
});

test.after.always(async () => {
  await server?.tell({ do: 'stop' });
  await server?.kill();
  await network?.remove();
  await rm(work, { recursive: true, force: true });
});

test.serial(
  'a node writes files that belong to the user of its owner, under both its names',
  async (t) => {
    for (const [ip, mac, owner] of [
      [A, MAC_A, 'alice'],
      [B, MAC_B, 'bob'],
    ] as const) {
      await writeFile(join(work, 'text'), `of ${owner}`);
      await copy(ip, join(work, 'text'), `${keptOf(ip)}/note`);
      t.is(await network.node(ip).read(`${keptOf(mac)}/note`, V3), `of ${owner}`);
      t.is(await network.node(ip).read(`/var/lib/walt/nodes/${ip}/fs/name`, V3), 'image');
      const { uid, gid } = await stat(join(await inside(owner, mac), 'note'));
      t.deepEqual(
        [uid, gid],
        owner === 'alice' ? [1_879_048_192, 1_879_048_192] : [1_879_048_193, 1_879_048_193],
      );
    }
  },
);

test.serial('a node reads and writes nothing of another one, nor of the server', async (t) => {
  const node = network.node(B);
  await symlink(join(work, 'secret'), join(await inside('bob', MAC_B), 'absolute'));
  await symlink('../../../../secret', join(await inside('bob', MAC_B), 'climbing'));
  await symlink(`../../alice/${MAC_A}/files`, join(await inside('bob', MAC_B), 'beside'));
  for (const path of [
    ...[`${keptOf(A)}/note`, `${keptOf(MAC_A)}/note`, `${keptOf(B)}/../../${A}/persist/note`],
    ...[`${keptOf(B)}/absolute`, `${keptOf(B)}/climbing`, `${keptOf(B)}/beside/note`],
    ...[`${keptOf(B)}/../../../../etc/passwd`, join(work, 'state/persist/owners.json')],
    ...[`${keptOf(B)}/../lost+found`, `${join(work, 'state/persist/alice', MAC_A, 'files')}/note`],
  ]) {
    for (const version of [3, 4] as const) {
      const said = await node.read(path, { version });
      t.regex(said, /Failed|Invalid|ERR|error/i, path);
      t.notRegex(said, /secret of|of alice|root:/, path);
    }
  }
  t.regex(await node.write(`${keptOf(A)}/planted`, V3), /ACCES|NOENT/);
  t.regex(await node.write(`/var/lib/walt/nodes/${B}/fs/planted`, V3), /ROFS/);
  await t.throwsAsync(stat(join(await inside('alice', MAC_A), 'planted')), { code: 'ENOENT' });
});

test.serial('programs and devices of a node mean nothing on the server', async (t) => {
  const pid = Number(await readFile(join(work, 'state/nfs/ganesha.pid'), 'utf8'));
  const place = join(work, 'state/persist/alice', MAC_A);
  const lines = (await readFile(`/proc/${pid}/mountinfo`, 'utf8')).split('\n');
  const options = lines.find((line) => line.includes(` ${place} `))?.split(' ')[5] ?? '';
  for (const option of ['rw', 'nosuid', 'nodev'])
    t.true(options.split(',').includes(option), options);
  t.is((await stat(join(work, 'state/persist'))).mode & 0o777, 0o700);
});

test.serial('a node that fills its disk is told so, and the others write on', async (t) => {
  t.regex(await copy(A, join(work, 'big'), `${keptOf(A)}/big`), /Failed to write/);
  const { size } = await stat(join(await inside('alice', MAC_A), 'big'));
  t.true(size < 16 * 2 ** 20, `${size}`);
  const { bavail, bsize } = await statfs(await inside('alice', MAC_A));
  t.true(bavail * bsize < 2 ** 20, 'what was written up to then is there');
  await writeFile(join(work, 'text'), 'still');
  await copy(B, join(work, 'text'), `${keptOf(B)}/more`);
  t.is(await network.node(B).read(`${keptOf(B)}/more`, V3), 'still');
  const disk = await stat(join(work, 'state/persist/alice', `${MAC_A}.disk`));
  t.is(disk.size, 16 * 2 ** 20);
  t.true(disk.blocks * 512 >= disk.size, 'its space is its own from the beginning');
});

test.serial('what is kept outlives a crash of the server, and one of ganesha', async (t) => {
  const device = async () => {
    const pid = Number(await readFile(join(work, 'state/nfs/ganesha.pid'), 'utf8'));
    return (await mountsOf(pid)).get(join(work, 'state/persist/bob', MAC_B))?.device;
  };
  const before = await device();
  await server.kill();
  server = start();
  await server.tell({ do: 'start' });
  await server.tell({ do: 'apply', exports: exportsOf(), owners: OWNERS });
  t.is(await network.node(B).read(`${keptOf(B)}/note`, V3), 'of bob');
  t.is(await device(), before, 'a disk is never on two devices');
  process.kill(Number(await readFile(join(work, 'state/nfs/ganesha.pid'), 'utf8')), 'SIGKILL');
  await server.tell({ do: 'start' });
  t.is(await network.node(B).read(`${keptOf(B)}/note`, V3), 'of bob');
});

test.serial(
  'another owner of a node finds nothing, and the first one his files again',
  async (t) => {
    const others = { ...OWNERS, [MAC_B]: 'carol' };
    await server.tell({ do: 'apply', exports: exportsOf(), owners: others });
    t.regex(await network.node(B).read(`${keptOf(B)}/note`, V3), /NOENT/);
    await server.tell({ do: 'apply', exports: exportsOf(), owners: OWNERS });
    t.is(await network.node(B).read(`${keptOf(B)}/note`, V3), 'of bob');
    await server.tell({ do: 'apply', exports: exportsOf() });
    t.regex(await network.node(B).read(`${keptOf(B)}/note`, V3), /ACCES|NOENT/);
  },
);
