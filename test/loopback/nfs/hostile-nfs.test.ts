// A node that is allowed its image alone asks NFS for other paths, climbs in names, and speaks nonsense to all programs of the
// service: it gets nothing, and everything runs on.
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { eventually } from '../../support/lab.ts';
import { createNfsNetwork, type NfsNetwork, SERVER } from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';

const NODE = '192.168.152.11';
const OTHER = '192.168.152.12';
const MAC = '52:54:00:00:00:11';
const OTHER_MAC = '52:54:00:00:00:12';
const SECRET = 'what is not for this node';
const rootOf = (name: string) => `/var/lib/walt/nodes/${name}/fs`;
const PROGRAMS = join(import.meta.dirname, '../../support/nfs');
/** For each of the five sockets: 6,900 in all. */
const CALLS = 1380;

let network: NfsNetwork;
let work: string;
let server: NfsProcess;

test.before(async () => {
  work = await mkdtemp(join(tmpdir(), 'walt-hostile-'));
  network = await createNfsNetwork(`whost${process.pid}`, [11, 12]);
  server = new NfsProcess(network.server, { address: SERVER, folder: join(work, 'nfs') });
  await server.tell({ do: 'start' });
  await writeFile(join(work, 'secret'), SECRET);
  const exports = [];
  for (const [ip, mac, name] of [
    [NODE, MAC, 'own'],
    [OTHER, OTHER_MAC, 'other'],
  ] as const) {
    const imagePath = join(work, 'images', name, 'fs');
    await mkdir(join(imagePath, 'folder'), { recursive: true });
    await writeFile(join(imagePath, 'name'), name === 'own' ? 'own' : SECRET);
    exports.push({ ip, mac, imagePath });
  }
  const own = join(work, 'images/own/fs');
  await symlink('../../../secret', join(own, 'out'));
  await symlink(join(work, 'secret'), join(own, 'absolute'));
  await symlink('../../other/fs', join(own, 'beside'));
  await server.tell({ do: 'apply', exports });
});

test.after.always(async () => {
  await server?.tell({ do: 'stop' });
  await server?.kill();
  await network?.remove();
  await rm(work, { recursive: true, force: true });
});

test.serial(
  'no path that a node reads leads to what is not its own, by NFSv3 and NFSv4',
  async (t) => {
    const own = rootOf(NODE);
    const images = join(work, 'images');
    const paths = [
      ...[`${rootOf(OTHER)}/name`, `${rootOf(OTHER_MAC)}/name`, `${own}/../../${OTHER}/fs/name`],
      ...[`${own}/out`, `${own}/absolute`, `${own}/beside/name`, `${own}/folder/../out`],
      ...[`${own}/../../../../../../etc/passwd`, `${own}/../../other/fs/name`, `${own}/../name`],
      ...['/etc/passwd', '//etc/passwd', '/var/lib/walt/walt.db', '/var/lib/walt/nodes/../walt.db'],
      ...[
        join(work, 'secret'),
        join(images, 'other/fs/name'),
        join(images, 'own/fs/../../other/fs/name'),
      ],
      ...[`${own}/%2e%2e/secret`, `${own}/..\\secret`, '/proc/self/environ'],
    ];
    t.is(paths.length, 20);
    for (const version of [3, 4] as const) {
      for (const path of paths) {
        const said = await network.node(NODE).read(path, { version });
        t.regex(said, /Failed|Invalid|NFS4?(3?)ERR|MNT3ERR|error/i, `${path} v${version}`);
        t.false(said.includes(SECRET), `${path} v${version}`);
      }
      t.is(await network.node(NODE).read(`${own}/name`, { version }), 'own');
    }
  },
);

test.serial(
  'no path that a node mounts and no name that it looks up leads out of its image',
  async (t) => {
    const own = rootOf(NODE);
    const mounts = [
      ...[own, rootOf(OTHER), rootOf(OTHER_MAC), '/', '', '/etc', '/var/lib/walt', `${own}/..`],
      ...[
        `${own}/../../${OTHER}/fs`,
        `${own}/../../../../..`,
        `${own}//..//..`,
        `${own}/folder/../..`,
      ],
      ...[join(work, 'images/other/fs'), work, '../..', `/${'a/'.repeat(500)}`],
    ];
    const names = [
      ...[
        '..',
        '../..',
        '../../../secret',
        '/',
        '/etc',
        'folder/..',
        'folder/../..',
        '',
        '\0',
        '..\0',
      ],
      ...[
        'out/x',
        './..',
        '..\\..',
        'a'.repeat(256),
        'a'.repeat(2000),
        '.',
        '....',
        '..;',
        '%2e%2e',
      ],
      '../../other/fs',
    ];
    t.is(names.length, 20);
    const program = [process.execPath, join(PROGRAMS, 'lookups.ts'), SERVER];
    const argv = [...program, JSON.stringify(mounts), JSON.stringify(names)];
    const { stdout } = await succeed(network.node(NODE).command(argv), { seconds: 60 });
    const lines = stdout.toString('latin1').trim().split('\n');
    const mounted = lines.filter((line) => /^mount .* 0$/.test(line));
    t.deepEqual(mounted, [`mount ${own} 0`], lines.join('\n'));
    const { ino } = await stat(join(work, 'images/own/fs'));
    t.true(lines.includes(`root ${ino}`), lines.join('\n'));
    // The way up from the top is the top itself.
    const found = lines.filter((line) => /^lookup .* 0 \S+$/.test(line));
    for (const line of found) t.regex(line, new RegExp(` 0 ${ino}$`), lines.join('\n'));
    const found4 = lines.filter((line) => /^lookup4 .* 0$/.test(line));
    t.deepEqual(found4, [], lines.join('\n'));
    for (const kind of ['lookup ', 'lookup4 ']) {
      t.is(lines.filter((line) => line.startsWith(kind)).length, names.length);
    }
  },
);

test.serial('an NFS service whose guard ends is started again with another one', async (t) => {
  const guard = join(work, 'nfs/guard.pid');
  const before = Number(await readFile(guard, 'utf8'));
  process.kill(before, 'SIGKILL');
  const pidNow = async () => Number(await readFile(guard, 'utf8').catch(() => before));
  await eventually(pidNow, (pid) => pid !== before, 60);
  const read = () => network.node(NODE).read(`${rootOf(NODE)}/name`, { version: 3 });
  t.is(await eventually(read, (said) => said === 'own', 60), 'own');
  t.regex(server.problems.splice(0).join('\n'), /guard of the NFS server ended unexpectedly/);
});

test.serial('6,900 calls of nonsense end no program, and a node reads on', async (t) => {
  t.timeout(5 * 60_000);
  const pidsOf = () =>
    Promise.all(
      ['ganesha', 'rpcbind'].map((name) => readFile(join(work, 'nfs', `${name}.pid`), 'utf8')),
    );
  const before = await pidsOf();
  const argv = [process.execPath, join(PROGRAMS, 'rpc-garbage.ts'), SERVER, String(CALLS), '7'];
  const { stdout } = await succeed(network.node(OTHER).command(argv), { seconds: 240 });
  t.is(Number(stdout.toString()), 6900);
  for (const version of [3, 4] as const) {
    t.is(await network.node(NODE).read(`${rootOf(NODE)}/name`, { version }), 'own');
  }
  t.deepEqual(await pidsOf(), before);
  t.deepEqual(server.problems, []);
});
