// The server is killed in the middle of what a node sends: each line that the node kept is in the log once, in order.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createNodeSide, OVERLAY_BIN } from './keepers.ts';

const ADDRESS = '127.0.152.83';
const SERVER = join(import.meta.dirname, 'log-server.ts');
const COUNT = 10_000;

async function startServer(file: string, port: number) {
  const child = spawn(process.execPath, [SERVER, file, ADDRESS, `${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(said.toString()) };
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** How many lines the server said that it has. */
async function had(folder: string): Promise<number> {
  const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith('walt-log-'));
  return Number(await readFile(join(folder, name, 'have'), 'utf8').catch(() => '0'));
}

test('a server that is killed three times has each of 10,000 lines once, in order', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const node = await createNodeSide(`walt.server.ip=${ADDRESS}`);
  t.teardown(() => node.remove());
  let server = await startServer(file, 0);
  t.teardown(() => server.child.kill('SIGKILL'));
  const sender = spawn(join(OVERLAY_BIN, 'walt-log-cat'), ['s'], {
    env: {
      ...process.env,
      WALT_CMDLINE: join(node.folder, 'cmdline'),
      WALT_NOTIFY_PORT: `${server.port}`,
      WALT_RETRY_SECONDS: '1',
      TMPDIR: node.folder,
    },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  t.teardown(() => sender.kill('SIGKILL'));
  const exited = once(sender, 'exit');
  const lines = Array.from({ length: COUNT }, (_, index) => `line ${index} ${'x'.repeat(40)}`);
  sender.stdin.end(`${lines.join('\n')}\n`);
  for (const enough of [1, 3000, 6000]) {
    for (let tries = 0; tries < 4000 && (await had(node.folder)) < enough; tries += 1) {
      await sleep(5);
    }
    await killed(server.child);
    t.is(sender.exitCode, null, 'it was killed in the middle');
    server = await startServer(file, server.port);
  }
  t.deepEqual(await exited, [0, null]);
  await killed(server.child);
  const store = await openSqliteStore(file);
  t.teardown(() => store.close());
  const all = await store.logs.read({ limit: 2 * COUNT, streams: ['s'] });
  t.is(all.length, COUNT);
  t.deepEqual(
    all.map(({ line }) => line),
    lines,
  );
});
