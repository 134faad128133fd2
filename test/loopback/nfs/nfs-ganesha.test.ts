// GaneshaServer with the real nfs-ganesha and real NFS clients at several addresses, in network namespaces.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { plugOffice } from '../../support/network/office.ts';
import {
  createNfsNetwork,
  type NfsNetwork,
  nodeAt,
  SERVER,
} from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';

const IP_A = '192.168.152.11';
const IP_B = '192.168.152.12';
const MAC_A = '52:54:00:00:00:11';
const MAC_B = '52:54:00:00:00:12';
const VERSIONS = [3, 4] as const;
const rootOf = (name: string) => `/var/lib/walt/nodes/${name}/fs`;

let network: NfsNetwork;
let work: string;
let server: NfsProcess;

test.before(async () => {
  work = await mkdtemp(join(tmpdir(), 'walt-nfs-'));
  network = await createNfsNetwork(`wnfs${process.pid}`, [11, 12, 13]);
  server = startServer();
  await server.tell({ do: 'start' });
});

test.after.always(async () => {
  await server?.tell({ do: 'stop' });
  await server?.kill();
  await network?.remove();
  await rm(work, { recursive: true, force: true });
});

function startServer(): NfsProcess {
  return new NfsProcess(network.server, {
    address: SERVER,
    folder: join(work, 'state dir', 'nfs'),
  });
}

async function image(name: string): Promise<string> {
  const folder = join(work, `images "${name}"`, 'fs');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'name'), `image ${name}`);
  return folder;
}

async function ganeshaPid(): Promise<number> {
  return Number(await readFile(join(work, 'state dir', 'nfs', 'ganesha.pid'), 'utf8'));
}

const exportTo = (ip: string, mac: string, imagePath: string) => ({ ip, mac, imagePath });

test.serial(
  'apply() gives each node its image under its address and its MAC, v3 and v4',
  async (t) => {
    const shared = await image('shared');
    await server.tell({
      do: 'apply',
      exports: [exportTo(IP_A, MAC_A, shared), exportTo(IP_B, MAC_B, shared)],
    });
    for (const version of VERSIONS) {
      for (const [ip, name] of [
        [IP_A, IP_A],
        [IP_A, MAC_A],
        [IP_B, IP_B],
        [IP_B, MAC_B],
      ] as const) {
        const text = await network.node(ip).read(`${rootOf(name)}/name`, { version });
        t.is(text, 'image shared', `${ip} ${name} v${version}`);
      }
    }
  },
);

test.serial('apply() refuses a node the image of another, and all writing', async (t) => {
  await server.tell({
    do: 'apply',
    exports: [
      exportTo(IP_A, MAC_A, await image('of a')),
      exportTo(IP_B, MAC_B, await image('of b')),
    ],
  });
  const node = network.node(IP_B);
  for (const version of VERSIONS) {
    t.is(await node.read(`${rootOf(IP_B)}/name`, { version }), 'image of b');
    for (const name of [IP_A, MAC_A]) {
      t.regex(await node.read(`${rootOf(name)}/name`, { version }), /ACCES|NOENT/);
    }
    t.regex(await node.write(`${rootOf(IP_B)}/new`, { version }), /ROFS/);
  }
});

test.serial('nobody is told which other nodes there are', async (t) => {
  const shared = await image('listed');
  const exports = [exportTo(IP_A, MAC_A, shared), exportTo(IP_B, MAC_B, shared)];
  const name = `wnfso${process.pid}`;
  await plugOffice(t, network.server, { name, walt: '192.168.152.0/24' });
  const outsider = nodeAt('10.9.9.2', name);
  const stranger = network.node('192.168.152.13');
  const nodes = '/var/lib/walt/nodes';
  // As read at the start, and as told to a process that runs.
  for (const wanted of [exports, exports.slice(1), exports]) {
    await server.tell({ do: 'apply', exports: wanted });
    const isNode = wanted.length === 2;
    t.deepEqual(sorted(await network.node(IP_A).list(nodes)), isNode ? [IP_A, MAC_A] : []);
    t.deepEqual(sorted(await network.node(IP_B).list(nodes)), [IP_B, MAC_B]);
    t.deepEqual(await network.node(IP_B).list(`${nodes}/${IP_B}`), ['fs']);
    // A folder that others have is not told from one that nobody has.
    for (const guess of [IP_A, MAC_A, '192.168.152.200']) {
      t.regex((await network.node(IP_B).list(`${nodes}/${guess}`)).join(), /NFS4ERR_NOENT/);
    }
    t.deepEqual(await stranger.list('/'), ['var']);
    t.deepEqual(await stranger.list(nodes), []);
    for (const path of ['/', nodes, `${nodes}/${IP_B}`, rootOf(IP_B)]) {
      t.regex((await outsider.list(path)).join(), /NFS4ERR_ACCESS/, path);
    }
    t.is(await outsider.exports(), '');
    t.notRegex(await network.node(IP_B).exports(), /152\.11|00:11/);
  }
});

const sorted = (names: readonly string[]) => names.toSorted();

test.serial('apply() switches one node to another image while others read theirs', async (t) => {
  const [first, second] = [await image('first'), await image('second')];
  // More than fits into a pipe: a client whose reader pauses has its mount open.
  await writeFile(join(first, 'large'), Buffer.alloc(64 * 1024 * 1024));
  const other = exportTo(IP_A, MAC_A, first);
  await server.tell({ do: 'apply', exports: [other, exportTo(IP_B, MAC_B, first)] });
  const reading = VERSIONS.map(slowRead);
  await Promise.all(reading.map(({ started }) => started));
  for (const [name, path] of [
    ['second', second],
    ['first', first],
    ['second', second],
  ] as const) {
    await server.tell({ do: 'apply', exports: [other, exportTo(IP_B, MAC_B, path)] });
    for (const version of VERSIONS) {
      for (const own of [IP_B, MAC_B]) {
        const text = await network.node(IP_B).read(`${rootOf(own)}/name`, { version });
        t.is(text, `image ${name}`);
      }
    }
  }
  t.deepEqual(await Promise.all(reading.map(({ finish }) => finish())), [0, 0]);
});

function slowRead(version: 3 | 4) {
  const url = `nfs://${SERVER}${rootOf(IP_A)}/large?version=${version}`;
  const argv = network.node(IP_A).command(['timeout', '60', 'nfs-cat', url]);
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const started = once(child.stdout, 'readable');
  return {
    started,
    async finish() {
      const exited = once(child, 'exit');
      child.stdout.resume();
      return (await exited)[0] as number | null;
    },
  };
}

test.serial('apply() tells a running ganesha of one node without all others', async (t) => {
  const log = () => readFile(join(work, 'state dir', 'nfs', 'ganesha.log'), 'utf8');
  const rereads = async () => (await log()).split('Reread exports complete').length;
  const [first, second] = [await image('told'), await image('told later')];
  await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, first)] });
  const before = await rereads();
  const both = (path: string) => [exportTo(IP_A, MAC_A, first), exportTo(IP_B, MAC_B, path)];
  for (const exports of [both(first), both(second), both(second).slice(0, 1), both(first)]) {
    await server.tell({ do: 'apply', exports });
  }
  t.is(await rereads(), before);
  for (const version of VERSIONS) {
    t.is(await network.node(IP_A).read(`${rootOf(MAC_A)}/name`, { version }), 'image told');
    t.is(await network.node(IP_B).read(`${rootOf(IP_B)}/name`, { version }), 'image told');
  }
});

test.serial('apply() tells a running ganesha of a rack at once, without all others', async (t) => {
  const log = () => readFile(join(work, 'state dir', 'nfs', 'ganesha.log'), 'utf8');
  const rereads = async () => (await log()).split('Reread exports complete').length;
  const path = await image('rack');
  await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, path)] });
  const before = await rereads();
  // More than one call of the bus takes.
  const rack = Array.from({ length: 120 }, (_, at) =>
    exportTo(`192.0.2.${at + 1}`, `52:54:00:01:00:${(at + 16).toString(16)}`, path),
  );
  const all = [exportTo(IP_A, MAC_A, path), ...rack, exportTo(IP_B, MAC_B, path)];
  await server.tell({ do: 'apply', exports: all });
  t.is(await rereads(), before);
  for (const version of VERSIONS) {
    t.is(await network.node(IP_A).read(`${rootOf(MAC_A)}/name`, { version }), 'image rack');
    t.is(await network.node(IP_B).read(`${rootOf(IP_B)}/name`, { version }), 'image rack');
  }
  t.is((await network.node(IP_A).exports()).includes('192.0.2.'), false);
});

test.serial('without its bus ganesha is started again, and serves what it was told', async (t) => {
  const [told, later] = [await image('bus'), await image('bus later')];
  const nfs = join(work, 'state dir', 'nfs');
  await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, told)] });
  const pid = await ganeshaPid();
  process.kill(Number(await readFile(join(nfs, 'bus.pid'), 'utf8')), 'SIGKILL');
  const isOld = async () => (await ganeshaPid().catch(() => pid)) === pid;
  for (let tries = 0; tries < 300 && (await isOld()); tries += 1) await sleep(100);
  t.not(await ganeshaPid(), pid);
  await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, later)] });
  for (const version of VERSIONS) {
    t.is(await network.node(IP_A).read(`${rootOf(IP_A)}/name`, { version }), 'image bus later');
  }
});

test.serial('a bus that hangs makes ganesha read all exports', async (t) => {
  const pid = Number(await readFile(join(work, 'state dir', 'nfs', 'bus.pid'), 'utf8'));
  process.kill(pid, 'SIGSTOP');
  try {
    await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, await image('hung'))] });
    t.is(await network.node(IP_A).read(`${rootOf(IP_A)}/name`, { version: 3 }), 'image hung');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test.serial('apply() takes the rights of a node that is gone', async (t) => {
  await server.tell({ do: 'apply', exports: [] });
  for (const version of VERSIONS) {
    const answer = await network.node(IP_A).read(`${rootOf(IP_A)}/name`, { version });
    t.regex(answer, /ACCES|NOENT/);
  }
});

test.serial(
  'apply() names a lost image and one that cannot be exported, and serves the others',
  async (t) => {
    const good = await image('good');
    const [lost, refused] = ['192.168.152.13', '192.168.152.14'];
    const error = await t.throwsAsync(
      server.tell({
        do: 'apply',
        exports: [
          exportTo(lost, '52:54:00:00:00:13', join(work, 'nowhere')),
          exportTo(refused, '52:54:00:00:00:14', '/proc/sys'),
          exportTo(IP_A, MAC_A, good),
        ],
      }),
    );
    t.regex(error.message, /nowhere to 192\.168\.152\.13: there is no /);
    t.regex(error.message, /\/proc\/sys to 192\.168\.152\.14: nfs-ganesha says/);
    t.is(await network.node(IP_A).read(`${rootOf(IP_A)}/name`, { version: 4 }), 'image good');
    await server.tell({ do: 'apply', exports: [exportTo(IP_B, MAC_B, good)] });
    t.is(await network.node(IP_B).read(`${rootOf(IP_B)}/name`, { version: 3 }), 'image good');
  },
);

test.serial(
  'start() goes on with the ganesha that a killed server left, without a new process',
  async (t) => {
    const exports = [exportTo(IP_A, MAC_A, await image('kept'))];
    await server.tell({ do: 'apply', exports });
    const pid = await ganeshaPid();
    await server.kill();
    t.is(await network.node(IP_A).read(`${rootOf(MAC_A)}/name`, { version: 3 }), 'image kept');
    server = startServer();
    await server.tell({ do: 'start' });
    await server.tell({ do: 'apply', exports });
    t.is(await ganeshaPid(), pid);
    t.is(await network.node(IP_A).read(`${rootOf(MAC_A)}/name`, { version: 4 }), 'image kept');
    await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, await image('after'))] });
    t.is(await ganeshaPid(), pid);
    t.is(await network.node(IP_A).read(`${rootOf(MAC_A)}/name`, { version: 4 }), 'image after');
  },
);

test.serial(
  'start() gives a new ganesha all exports, whatever is left of their file',
  async (t) => {
    const exports = [exportTo(IP_A, MAC_A, await image('lasting'))];
    await server.tell({ do: 'apply', exports });
    const pid = await ganeshaPid();
    await server.kill();
    process.kill(pid, 'SIGKILL');
    await writeFile(join(work, 'state dir', 'nfs', 'exports.conf'), '');
    server = startServer();
    await server.tell({ do: 'start' });
    t.not(await ganeshaPid(), pid);
    t.is(await network.node(IP_A).read(`${rootOf(MAC_A)}/name`, { version: 3 }), 'image lasting');
  },
);

test.serial('a ganesha that crashes is started again, and mounts of v3 go on', async (t) => {
  const kept = await image('crash');
  await writeFile(join(kept, 'large'), Buffer.alloc(64 * 1024 * 1024));
  await server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, kept)] });
  const reading = slowRead(3);
  await reading.started;
  const pid = await ganeshaPid();
  process.kill(pid, 'SIGKILL');
  // Between the two there is no pid file.
  const isOld = async () => (await ganeshaPid().catch(() => pid)) === pid;
  for (let tries = 0; tries < 300 && (await isOld()); tries += 1) await sleep(100);
  t.not(await ganeshaPid(), pid);
  t.is(await reading.finish(), 0);
  t.is(await network.node(IP_A).read(`${rootOf(IP_A)}/name`, { version: 4 }), 'image crash');
  t.regex(server.problems.join('\n'), /ended unexpectedly/);
});

test.serial('apply() calls made at once are all fulfilled, the last one wins', async (t) => {
  const paths = await Promise.all(['one', 'two', 'three'].map(image));
  await Promise.all(
    paths.map((path) => server.tell({ do: 'apply', exports: [exportTo(IP_A, MAC_A, path)] })),
  );
  t.is(await network.node(IP_A).read(`${rootOf(IP_A)}/name`, { version: 4 }), 'image three');
});
