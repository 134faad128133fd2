// walt-log-cat, -tee and -monitor under the real busybox, to the real server and log on loopback.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { OVERLAY_BIN } from './keepers.ts';
import { openLogNode } from './log-node.ts';

const numbers = (last: number) => Array.from({ length: last }, (_, index) => `line ${index + 1}`);

test('walt-log-cat ends when its lines are on the disk of the server, with their times', async (t) => {
  const { serve, run, logs, lines, node } = await openLogNode(t);
  const { port } = await serve();
  const before = Date.now() * 1000;
  const { exitCode, stderr } = await run(port, ['walt-log-cat', 'my.stream'], {
    input: 'hello\n\n  % \\n $x\nthe last one',
  });
  t.is(exitCode, 0, stderr);
  t.deepEqual(await lines(), [
    'my.stream: hello',
    'my.stream: ',
    'my.stream:   % \\n $x',
    'my.stream: the last one',
  ]);
  for (const { at } of await logs()) {
    t.true(at >= before - 1_000_000 && at <= Date.now() * 1000 + 1_000_000, `${at - before}`);
  }
  const left = await readdir(node.folder);
  t.deepEqual(
    left.filter((name) => name.startsWith('walt-log')),
    [],
  );
});

test('walt-log-cat sends nothing where there is nothing', async (t) => {
  const { run } = await openLogNode(t);
  t.is((await run(1, ['walt-log-cat', 's'])).exitCode, 0);
});

test('walt-log-cat sends lines while more may come', async (t) => {
  const { serve, lines, variables } = await openLogNode(t);
  const { port } = await serve();
  const child = spawn(join(OVERLAY_BIN, 'walt-log-cat'), ['s'], { env: variables(port) });
  t.teardown(() => child.kill('SIGKILL'));
  for (const line of numbers(3)) {
    child.stdin.write(`${line}\n`);
    for (let tries = 0; tries < 2000 && !(await lines()).includes(`s: ${line}`); tries += 1)
      await sleep(10);
  }
  t.deepEqual(await lines(), ['s: line 1', 's: line 2', 's: line 3']);
  child.stdin.end();
  t.deepEqual(await once(child, 'exit'), [0, null]);
});

test('walt-log-cat keeps lines while the server is away, and each comes once, with its time', async (t) => {
  const { serve, logs, lines, variables } = await openLogNode(t);
  const first = await serve();
  const { port } = first;
  const child = spawn(join(OVERLAY_BIN, 'walt-log-cat'), ['s'], { env: variables(port) });
  t.teardown(() => child.kill('SIGKILL'));
  child.stdin.write('line 1\n');
  for (let tries = 0; tries < 2000 && (await lines()).length < 1; tries += 1) await sleep(10);
  await first.close();
  const said = Date.now() * 1000;
  child.stdin.write('line 2\n');
  await sleep(1500);
  const back = Date.now() * 1000;
  await serve(port);
  child.stdin.end('line 3\n');
  t.deepEqual(await once(child, 'exit'), [0, null]);
  t.deepEqual(await lines(), ['s: line 1', 's: line 2', 's: line 3']);
  const [, second, third] = await logs();
  t.true((second?.at ?? 0) < back - 1_000_000 && (second?.at ?? 0) > said - 500_000);
  t.true((third?.at ?? 0) > back - 500_000);
});

test('walt-log-cat says what it dropped when its memory was full', async (t) => {
  const { serve, run, lines, node } = await openLogNode(t);
  const away = await serve();
  await away.close();
  const all = Array.from({ length: 20_000 }, (_, index) => `${index} ${'x'.repeat(50)}`);
  const sending = run(away.port, ['walt-log-cat', 's'], {
    input: `${all.join('\n')}\n`,
    env: { WALT_LOG_KILOBYTES: '256' },
  });
  const isAllRead = async () =>
    (await readdir(node.folder, { recursive: true })).some((name) => name.endsWith('/total'));
  for (let tries = 0; tries < 2000 && !(await isAllRead()); tries += 1) await sleep(10);
  await serve(away.port);
  t.is((await sending).exitCode, 0);
  const came = await lines();
  const [mark = ''] = came.slice(-1);
  const [, lost] = /^s: \[(\d+) lines were dropped here/.exec(mark) ?? [];
  t.is(came.length - 1 + Number(lost), all.length);
  t.true(came.length > 3000);
  t.deepEqual(
    came.slice(0, -1),
    all.slice(0, came.length - 1).map((line) => `s: ${line}`),
  );
});

test('walt-log-cat says how many lines are lost where the server stays away', async (t) => {
  const { serve, run } = await openLogNode(t);
  const away = await serve();
  await away.close();
  const { exitCode, stderr } = await run(away.port, ['walt-log-cat', 's'], {
    input: 'one\ntwo\n',
    env: { WALT_LOG_SECONDS: '1' },
  });
  t.is(exitCode, 1);
  t.is(stderr, 'walt-log-cat: the server does not answer: 2 lines are lost\n');
});

test('walt-log-cat takes a line of a mebibyte, and bytes that are no text', async (t) => {
  const { serve, run, lines } = await openLogNode(t);
  const { port } = await serve();
  const input = Buffer.concat([
    Buffer.from(`${'x'.repeat(2 ** 20)}\n`),
    Buffer.from([0xff, 0x41, 0x00, 0x1b, 0x0a]),
    Buffer.from('é\n'),
  ]);
  const { exitCode, stderr } = await run(port, ['walt-log-cat', 's'], { input });
  t.is(exitCode, 0, stderr);
  const [long = '', binary, text, ...more] = await lines();
  t.regex(long, /^s: x{16000,} \[cut: \d+ more bytes\]$/);
  t.is(binary, 's: \\xffA?\\u001b');
  t.is(text, 's: é');
  t.deepEqual(more, []);
});

test('walt-log-tee passes on what it sends', async (t) => {
  const { serve, run, lines } = await openLogNode(t);
  const { port } = await serve();
  const { exitCode, stdout } = await run(port, ['walt-log-tee', 's'], { input: 'one\ntwo\n' });
  t.is(exitCode, 0);
  t.is(stdout, 'one\ntwo\n');
  t.deepEqual(await lines(), ['s: one', 's: two']);
});

test('walt-log-monitor sends what a command prints and how it ends, and ends as it does', async (t) => {
  const { serve, run, lines } = await openLogNode(t);
  const { port } = await serve();
  const words = ['/bin/sh', '-c', 'echo out; echo trouble >&2; exit 3'];
  const { exitCode, stdout, stderr } = await run(port, ['walt-log-monitor', ...words]);
  t.is(exitCode, 3);
  t.is(stdout, 'out\n');
  t.is(stderr, 'trouble\n');
  t.deepEqual((await lines()).toSorted(), [
    `sh.run: begins: ${words.join(' ')}`,
    'sh.run: ended with status 3',
    'sh.stderr: trouble',
    'sh.stdout: out',
  ]);
});

for (const words of [
  ['walt-log-cat'],
  ['walt-log-cat', 'a', 'b'],
  ['walt-log-cat', 'platform.nodes'],
  ['walt-log-tee'],
  ['walt-log-tee', 'a b'],
  ['walt-log-monitor'],
]) {
  test(`${words.join(' ')} is refused in one sentence`, async (t) => {
    const { run } = await openLogNode(t);
    const { exitCode, stderr } = await run(1, words);
    t.is(exitCode, 1);
    t.regex(stderr, new RegExp(`^${words[0]}: [^\n]+\n$`));
  });
}
