// Debian 13 as in a container: its programs, no /etc/mtab, and not all rights of root.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { watchOver } from '../../../lab/programs/watchdog.ts';
import { debian13Root, inContainer } from '../../support/debian-13/container.ts';
import { createNfsNetwork, type NfsNetwork, SERVER } from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';

const A = { ip: '192.168.152.11', mac: '52:54:00:00:00:11' };
const B = { ip: '192.168.152.12', mac: '52:54:00:00:00:12' };
const VERSIONS = [3, 4] as const;
const nameIn = (node: string) => `/var/lib/walt/nodes/${node}/fs/name`;

let root: string;
let network: NfsNetwork;
/** On a disk of this machine, as a volume of a container is. */
let work: string;

test.before(async (t) => {
  t.timeout(15 * 60_000);
  root = await debian13Root();
  work = await mkdtemp(join(tmpdir(), 'walt-debian13-'));
  watchOver({ folders: [work] });
  network = await createNfsNetwork(`wdeb${process.pid}`, [11, 12]);
});

test.after.always(async () => {
  await network?.remove();
  await rm(work, { recursive: true, force: true });
});

function startServer({
  lacks,
  state,
}: {
  readonly lacks: readonly string[];
  readonly state: string;
}) {
  const command = (argv: readonly string[]) =>
    network.server.command(inContainer(argv, { root, folders: [work], lacks }));
  return new NfsProcess({ command }, { address: SERVER, folder: state });
}

async function image(name: string): Promise<string> {
  const folder = join(work, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'name'), `image ${name}`);
  return folder;
}

test.serial('nfs-ganesha 6 serves without /etc/mtab and without CAP_SYS_RESOURCE', async (t) => {
  const server = startServer({ lacks: ['sys_resource'], state: join(work, 'state, of: nfs') });
  t.teardown(() => server.kill());
  await server.tell({ do: 'start' });
  for (const name of ['first', 'second']) {
    const imagePath = await image(name);
    await server.tell({
      do: 'apply',
      exports: [
        { ...A, imagePath },
        { ...B, imagePath: work },
      ],
    });
    for (const version of VERSIONS) {
      for (const own of [A.ip, A.mac]) {
        t.is(await network.node(A.ip).read(nameIn(own), { version }), `image ${name}`);
      }
      t.regex(await network.node(B.ip).read(nameIn(A.ip), { version }), /ACCES|NOENT/);
    }
    t.deepEqual((await network.node(B.ip).list('/var/lib/walt/nodes')).toSorted(), [B.ip, B.mac]);
  }
  await server.tell({ do: 'stop' });
});

test.serial(
  'nfs-ganesha 6 serves the others when it refuses an export, and says which',
  async (t) => {
    const server = startServer({ lacks: ['sys_resource'], state: join(work, 'refusing') });
    t.teardown(() => server.kill());
    await server.tell({ do: 'start' });
    const imagePath = await image('good');
    const exports = [
      { ...A, imagePath },
      { ...B, imagePath: '/proc/sys' },
    ];
    await t.throwsAsync(server.tell({ do: 'apply', exports }), {
      message: /Cannot export \/proc\/sys to 192\.168\.152\.12: nfs-ganesha says .*\/proc\/sys/,
    });
    t.is(await network.node(A.ip).read(nameIn(A.ip), { version: 4 }), 'image good');
    await server.tell({ do: 'stop' });
  },
);

test.serial('start() says that mounts need a right, where it is missing', async (t) => {
  const server = startServer({ lacks: ['sys_admin'], state: join(work, 'no-mounts') });
  t.teardown(() => server.kill());
  await t.throwsAsync(server.tell({ do: 'start' }), {
    message: /Cannot start rpcbind: .*not permitted\. What to do: .*CAP_SYS_ADMIN/,
  });
});

test.serial('start() says that the state must be on another disk than the container', async (t) => {
  const server = startServer({ lacks: ['sys_resource'], state: '/var/lib/walt/nfs' });
  t.teardown(() => server.kill());
  await t.throwsAsync(server.tell({ do: 'start' }), {
    message: /handle.*not supported.*What to do: .*`state`.*volume/,
  });
});
