// walt-log-echo under the real busybox, to the real server and log on loopback.
import test from 'ava';
import { openLogNode } from './log-node.ts';

test('walt-log-echo ends when its lines are on the disk of the server, with their time', async (t) => {
  const { serve, run, logs } = await openLogNode(t);
  const server = await serve();
  const before = Date.now() * 1000;
  for (const words of [
    ['my.stream', 'hello', 'world'],
    ['my.stream', 'a\nb % \\n'],
    ['s', ''],
  ]) {
    const { exitCode, stderr } = await run(server.port, ['walt-log-echo', ...words]);
    t.is(exitCode, 0, stderr);
  }
  const said = await logs();
  t.deepEqual(
    said.map(({ stream, line }) => `${stream}: ${line}`),
    ['my.stream: hello world', 'my.stream: a', 'my.stream: b % \\n', 's: '],
  );
  for (const { at } of said)
    t.true(at >= before - 1_000_000 && at <= Date.now() * 1000 + 1_000_000);
});

test('walt-log-echo waits for a server that is away, and says so where it stays away', async (t) => {
  const { serve, run, lines } = await openLogNode(t);
  const first = await serve();
  const { port } = first;
  await first.close();
  const lost = await run(port, ['walt-log-echo', 's', 'lost']);
  t.is(lost.exitCode, 1);
  t.is(lost.stderr, 'walt-log-echo: the server does not answer: the line is lost\n');
  const waiting = run(port, ['walt-log-echo', 's', 'kept']);
  await serve(port);
  t.is((await waiting).exitCode, 0);
  t.deepEqual(await lines(), ['s: kept']);
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
    const { run } = await openLogNode(t);
    const { exitCode, stderr } = await run(1, ['walt-log-echo', ...words]);
    t.is(exitCode, 1);
    t.regex(stderr, /^walt-log-echo: [^\n]+\n$/);
  });
}
