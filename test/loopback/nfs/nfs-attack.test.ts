// One address opens thousands of connections to the real nfs-ganesha and rpcbind; the others mount and read all the while.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { LIMITS } from '../../../agent/net/limits/table.ts';
import { KEEP_ALIVE } from '../../../agent/nfs/ganesha/configuration/config.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { eventually } from '../../support/lab.ts';
import {
  createNfsNetwork,
  type NfsNetwork,
  type NfsNode,
  SERVER,
} from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';

const NODE = '192.168.152.11';
const GREEDY = '192.168.152.12';
const MAC = '52:54:00:00:00:11';
const NAME = `/var/lib/walt/nodes/${NODE}/fs/name`;
const HOLDER = join(import.meta.dirname, '../../../lab/clients/tcp-holder.ts');
const VERSIONS = [3, 4] as const;

let network: NfsNetwork;
let work: string;
let server: NfsProcess;

test.before(async () => {
  work = await mkdtemp(join(tmpdir(), 'walt-nfs-attack-'));
  network = await createNfsNetwork(`wnfa${process.pid}`, [11, 12]);
  server = new NfsProcess(network.server, { address: SERVER, folder: join(work, 'nfs') });
  await server.tell({ do: 'start' });
  const imagePath = join(work, 'image');
  await mkdir(imagePath);
  await writeFile(join(imagePath, 'name'), 'image');
  await server.tell({ do: 'apply', exports: [{ ip: NODE, mac: MAC, imagePath }] });
});

test.after.always(async () => {
  await server?.tell({ do: 'stop' });
  await server?.kill();
  await network?.remove();
  await rm(work, { recursive: true, force: true });
});

/** Connections of an address that the server has, to one of its ports, with the timer of each. */
async function held(address: string, port: number): Promise<string[]> {
  const filter = `sport = :${port} and dst ${address}`;
  const argv = network.server.command(['ss', '-Htno', 'state', 'established', filter]);
  return (await succeed(argv)).stdout.toString().split('\n').filter(Boolean);
}

/** As `held`, once they are no more than that. */
async function heldAtMost(most: number, address: string, port: number): Promise<string[]> {
  const count = async () => (await held(address, port)).length;
  await eventually(count, (length) => length <= most, 30);
  return held(address, port);
}

/** `timer:(keepalive,58sec,0)`, `1min2sec`, `300ms`; infinite where nobody asks. */
function secondsToQuestion(line: string): number {
  const [found, minutes = '0', seconds = '0'] =
    /keepalive,(?:(\d+)min)?(?:([\d.]+)sec)?(?:\d+ms)?,/.exec(line) ?? [];
  return found === undefined ? Number.POSITIVE_INFINITY : Number(minutes) * 60 + Number(seconds);
}

/** Opens connections and holds them until the test ends. Fulfilled once they are open. */
async function hold(
  t: ExecutionContext,
  node: NfsNode,
  { port, count }: { readonly port: number; readonly count: number },
) {
  const [file = '', ...args] = node.command([
    ...[process.execPath, HOLDER, SERVER, String(port), String(count)],
  ]);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  t.teardown(end);
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) if (line === 'open') break;
  child.stdout.resume();
  return end;
}

test.serial(
  'one address keeps no other from mounting, and keeps no more than its share',
  async (t) => {
    t.timeout(120_000);
    const ports = [
      [2049, 'nfs-connections', 4000],
      [20048, 'nfs-mounts', 2000],
      [111, 'nfs-mounts', 500],
    ] as const;
    const greedy = network.node(GREEDY);
    const ends = await Promise.all(
      ports.map(([port, , count]) => hold(t, greedy, { port, count })),
    );
    for (const version of VERSIONS) t.is(await network.node(NODE).read(NAME, { version }), 'image');
    for (const [port, limit] of ports) {
      const most = LIMITS[limit].perAddress;
      t.is((await heldAtMost(most, GREEDY, port)).length, most, String(port));
      t.true(server.limits.has(`${limit} ${GREEDY}`));
    }
    t.deepEqual(server.problems, []);
    for (const end of ends) await end();
  },
);

test.serial(
  'a node that lost its power 200 times still mounts, and what it left is asked after',
  async (t) => {
    t.timeout(300_000);
    const node = network.node(NODE);
    // No end of a connection leaves the node: the server hears of none.
    const rules =
      'table ip lost { chain output { type filter hook output priority 0; tcp flags & (fin | rst) != 0 drop; }; }';
    await succeed(node.command(['/usr/sbin/nft', rules]));
    for (let boots = 0; boots < 200; boots += 10) {
      const end = await hold(t, node, { port: 2049, count: 10 });
      await end();
    }
    for (const version of VERSIONS) t.is(await node.read(NAME, { version }), 'image');
    const most = LIMITS['nfs-connections'].perAddress;
    const left = await heldAtMost(most, NODE, 2049);
    // The others wait for an answer to what they sent, and give up as well.
    const idle = left.filter((line) => /^0\s+0\s/.test(line));
    t.true(idle.length > 0);
    for (const line of idle) t.true(secondsToQuestion(line) <= KEEP_ALIVE.idle, line);
    for (const version of VERSIONS) t.is(await node.read(NAME, { version }), 'image');
  },
);
