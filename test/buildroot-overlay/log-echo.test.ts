// walt-log-echo under the real busybox, to the real server and log on loopback.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LogStreams } from '../../agent/handlers/on-log-stream.ts';
import { startBootupServer } from '../../agent/net/bootup-server.ts';
import { $ } from '../../scripts/run.ts';
import { openRecords } from '../support/records.ts';
import { createNodeSide, OVERLAY_BIN } from './keepers.ts';

const SERVER = '127.0.152.79';

async function open(t: ExecutionContext) {
  const { registry, detection, journal, store } = await openRecords(':memory:', {}, () =>
    Math.round(Date.now() * 1000),
  );
  // The kernel takes this address for a caller on loopback that binds none.
  for (const ip of ['127.0.0.1', SERVER]) {
    await detection.see({ mac: `52:54:00:00:00:0${ip === SERVER ? 2 : 1}`, ip, model: 'm' });
  }
  const streams = new LogStreams({
    ...{ registry, countOf: store.logs.countOf, clock: () => Date.now() * 1000 },
    write: (all, sent) => journal.take(all, sent),
  });
  const serve = (port = 0) =>
    startBootupServer({
      ...{ address: SERVER, port, isServed: () => true, isKnown: () => true },
      ...{ onLimit: () => undefined, open: () => undefined, publish: () => undefined },
      openLogs: (address, head) => streams.open(address, head),
    });
  const node = await createNodeSide(`walt.server.ip=${SERVER}`);
  t.teardown(() => node.remove());
  const echo = (port: number, ...words: readonly string[]) => {
    const env = {
      ...process.env,
      WALT_CMDLINE: join(node.folder, 'cmdline'),
      WALT_NOTIFY_PORT: `${port}`,
      WALT_RETRY_SECONDS: '1',
      WALT_LOG_TRIES: '3',
    };
    return $({ env, nothrow: true })`${join(OVERLAY_BIN, 'walt-log-echo')} ${words}`;
  };
  const lines = async () => {
    const all = await store.logs.read({ limit: 100 });
    return all.filter(({ issuer }) => issuer !== 'walt-server');
  };
  return { serve, echo, lines };
}

test('walt-log-echo ends when its lines are on the disk of the server, with their time', async (t) => {
  const { serve, echo, lines } = await open(t);
  const server = await serve();
  t.teardown(() => server.close());
  const before = Date.now() * 1000;
  for (const words of [
    ['my.stream', 'hello', 'world'],
    ['my.stream', 'a\nb % \\n'],
    ['s', ''],
  ]) {
    const { exitCode, stderr } = await echo(server.port, ...words);
    t.is(exitCode, 0, stderr);
  }
  const said = await lines();
  t.deepEqual(
    said.map(({ stream, line }) => `${stream}: ${line}`),
    ['my.stream: hello world', 'my.stream: a', 'my.stream: b % \\n', 's: '],
  );
  for (const { at } of said)
    t.true(at >= before - 1_000_000 && at <= Date.now() * 1000 + 1_000_000);
});

test('walt-log-echo waits for a server that is away, and says so where it stays away', async (t) => {
  const { serve, echo, lines } = await open(t);
  const first = await serve();
  const { port } = first;
  await first.close();
  const lost = await echo(port, 's', 'lost');
  t.is(lost.exitCode, 1);
  t.is(lost.stderr, 'walt-log-echo: the server does not answer: the line is lost\n');
  const waiting = echo(port, 's', 'kept');
  const server = await serve(port);
  t.teardown(() => server.close());
  t.is((await waiting).exitCode, 0);
  t.deepEqual(
    (await lines()).map(({ line }) => line),
    ['kept'],
  );
});

for (const words of [
  [],
  ['s'],
  ['a b', 'x'],
  ['', 'x'],
  ['platform.nodes', 'x'],
  ['x'.repeat(65), 'x'],
]) {
  test(`walt-log-echo refuses ${JSON.stringify(words)} in one sentence`, async (t) => {
    const { echo } = await open(t);
    const { exitCode, stderr } = await echo(1, ...words);
    t.is(exitCode, 1);
    t.regex(stderr, /^walt-log-echo: [^\n]+\n$/);
  });
}
