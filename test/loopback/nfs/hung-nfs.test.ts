// Programs of the NFS service that are there and do nothing (SIGSTOP), under a real server with real clients.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { createNfsNetwork, type NfsNetwork, SERVER } from '../../support/nfs/nfs-network.ts';
import { NfsProcess } from '../../support/nfs/nfs-process.ts';

const IP = '192.168.152.11';
const ROOT = `/var/lib/walt/nodes/${IP}/fs`;

let network: NfsNetwork;
let folder: string;
let server: NfsProcess;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'walt-hung-'));
  network = await createNfsNetwork(`whung${process.pid}`, [11]);
  server = new NfsProcess(network.server, { address: SERVER, folder: join(folder, 'nfs') });
  await server.tell({ do: 'start' });
  const imagePath = join(folder, 'image');
  await mkdir(imagePath);
  await writeFile(join(imagePath, 'name'), 'here');
  // More than fits into a pipe: a client whose reader pauses is in the middle of it.
  await writeFile(join(imagePath, 'large'), Buffer.alloc(64 * 1024 * 1024));
  const exports = [{ ip: IP, mac: '52:54:00:00:00:11', imagePath }];
  await server.tell({ do: 'apply', exports });
});

test.after.always(async () => {
  await server?.tell({ do: 'stop' });
  await server?.kill();
  await network?.remove();
  await rm(folder, { recursive: true, force: true });
});

type Program = 'ganesha' | 'rpcbind';

async function pidOf(program: Program): Promise<number> {
  return Number(await readFile(join(folder, 'nfs', `${program}.pid`), 'utf8'));
}

/** Between two processes there is no file. */
async function waitForOther(program: Program, pid: number): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    const now = await pidOf(program).catch(() => pid);
    if (now !== pid && now > 0) return;
    await sleep(100);
  }
}

function startReading() {
  const url = `nfs://${SERVER}${ROOT}/large?version=3`;
  const [program = '', ...args] = network.node(IP).command(['timeout', '120', 'nfs-cat', url]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const finish = async () => {
    child.stdout.resume();
    return (await exited)[0] as number | null;
  };
  return { started: once(child.stdout, 'readable'), finish };
}

for (const program of ['ganesha', 'rpcbind'] as const) {
  test.serial(`a ${program} that hangs is replaced, and a node reads on`, async (t) => {
    const before = server.problems.length;
    const reading = startReading();
    await reading.started;
    const pid = await pidOf(program);
    process.kill(pid, 'SIGSTOP');
    await waitForOther(program, pid);
    t.not(await pidOf(program), pid);
    t.is(await reading.finish(), 0);
    t.is(await network.node(IP).read(`${ROOT}/name`, { version: 4 }), 'here');
    const said = server.problems.slice(before);
    t.is(said.length, 1, said.join('\n'));
    t.regex(said[0] ?? '', new RegExp(`hangs \\(.*${program} runs.*three questions.*replacing`));
  });
}

test.serial('a server that did not run itself replaces nothing', async (t) => {
  const before = server.problems.length;
  const pid = await pidOf('ganesha');
  process.kill(pid, 'SIGSTOP');
  // As on a machine that is too busy for both: each question's time passes while nobody could have seen the answer.
  for (let times = 0; times < 5; times += 1) {
    await server.whileStopped(() => sleep(6000));
    await sleep(300);
  }
  process.kill(pid, 'SIGCONT');
  t.is(await network.node(IP).read(`${ROOT}/name`, { version: 4 }), 'here');
  t.is(await pidOf('ganesha'), pid);
  t.deepEqual(server.problems.slice(before), []);
});
