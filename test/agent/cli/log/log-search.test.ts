import test from 'ava';
import { startTestPlatform } from '../test-platform.ts';
import { until } from '../walt-process.ts';

const HOSTILE = '^(a+)+$';
const BAIT = `${'a'.repeat(60)}!`;

async function platformWith(...lines: readonly string[]) {
  const platform = await startTestPlatform();
  const at = Date.now() * 1000;
  await platform.journal.take(
    lines.map((line, index) => ({ at, issuer: 'pc-1', stream: index === 0 ? 'a' : 'b.c', line })),
  );
  return platform;
}

test('walt log show selects lines by their text, and streams by their names', async (t) => {
  const { walt, close } = await platformWith('one', 'two', 'three');
  t.teardown(close);
  const shown = async (...words: string[]) =>
    (await walt('log', 'show', '--format', '{line}', ...words)).out.split('\n').slice(0, -1);
  t.deepEqual(await shown('^t'), ['two', 'three']);
  t.deepEqual(await shown('o', '--streams', '^b'), ['two']);
  t.deepEqual(await shown('--streams', '^a$'), ['one']);
  t.deepEqual(await shown('o', '--streams', 'b', '--history', '-5m:'), ['two']);
  t.deepEqual(await shown('o', '--platform', '--server', '--history', 'full'), []);
  t.deepEqual(await shown('b.c', '--history', 'full'), []);
});

test('consoles are read where --streams names them', async (t) => {
  const { walt, spawnWalt, journal, close } = await platformWith('one', 'two');
  t.teardown(close);
  const say = (stream: string, line: string) =>
    journal.take([{ at: Date.now() * 1000, issuer: 'pc-1', stream, line }]);
  await say('console', 'from a console');
  const shown = async (...words: string[]) =>
    (await walt('log', 'show', '--format', '{line}', ...words)).out.split('\n').slice(0, -1);
  t.deepEqual(await shown(), ['one', 'two']);
  t.deepEqual(await shown('--nodes', 'pc-1', '--history', 'full'), ['one', 'two']);
  t.deepEqual(await shown('--streams', 'console'), ['from a console']);
  t.deepEqual(await shown('--streams', '.'), ['one', 'two', 'from a console']);
  const wait = ['wait', 'from', '--time-margin', '300'];
  t.regex((await walt('log', ...wait, '--timeout', '1')).err, /^Timeout was reached/);
  t.is((await walt('log', ...wait, '--streams', 'console')).code, 0);

  const following = spawnWalt('log', 'show', '--realtime', '--history', 'full');
  await until(following, { pattern: /two/ });
  await say('console', 'from a console again');
  await say('a', 'the end');
  await until(following, { pattern: /the end/ });
  following.child.kill('SIGINT');
  t.notRegex((await following.result).out, /console/);
});

test('lines of a device that is gone are found by its name, and a name that nobody had is said', async (t) => {
  const { walt, close } = await platformWith('one', 'two');
  t.teardown(close);
  for (const [option, name] of [
    ['--nodes', 'pc-1'],
    ['--issuers', 'PC-1'],
    ['--emitters', 'pc-1'],
  ] as const) {
    const { out, err } = await walt('log', 'show', option, name, '--format', '{line}');
    t.is(out, 'one\ntwo\n', name);
    t.is(err, '', name);
  }
  const nobody =
    /^There is no device 'pc-2', and the log has no line of one\. See walt device show\.$/m;
  for (const history of [[], ['--history', 'full']]) {
    const { code, out, err } = await walt('log', 'show', '--nodes', 'pc-2', ...history);
    t.deepEqual([code, out], [1, ''], 'no line can be of it');
    t.regex(err, nobody);
  }
  // Others are shown all the same, and whoever waits may wait for one that is still to come.
  const some = await walt('log', 'show', '--nodes', 'pc-1,pc-2', '--format', '{line}');
  t.deepEqual([some.code, some.out], [0, 'one\ntwo\n']);
  t.regex(some.err, nobody);
  const server = await walt('log', 'show', '--nodes', 'server,pc-2');
  t.is(server.code, 0);
  t.regex(server.err, nobody);
  const late = await walt('log', 'wait', 'one', '--nodes', 'pc-2', '--timeout', '0.1');
  t.regex(late.err, /no line of one[\s\S]*Timeout was reached/);
});

test('walt log show says that a part of the past has no such line', async (t) => {
  const { walt, close } = await platformWith('one');
  t.teardown(close);
  const { code, err } = await walt('log', 'show', 'nothing', '--history', 'full');
  t.deepEqual([code, err], [0, 'No such line in this part of the past.\n']);
});

test('a regular expression that takes for ever ends the command in words, and others go on', async (t) => {
  const { walt, spawnWalt, journal, close } = await platformWith(BAIT);
  t.teardown(close);
  const words = /^Cannot use '\^\(a\+\)\+\$': it takes too long/;
  const cases = [
    ['show', HOSTILE],
    ['show', HOSTILE, '--history', 'full'],
    ['show', HOSTILE, '--history', '-5m:', '--realtime'],
    ['wait', HOSTILE, '--time-margin', '300'],
  ];
  for (const args of cases) {
    const { code, err } = await walt('log', ...args);
    t.is(code, 1, args.join(' '));
    t.regex(err, words, args.join(' '));
  }
  const following = spawnWalt('log', 'show', HOSTILE, '--realtime');
  const other = spawnWalt('log', 'show', 'aa!', '--realtime');
  for (let tries = 0; tries < 600 && following.child.exitCode === null; tries += 1) {
    const line = { at: Date.now() * 1000, issuer: 'pc-1', stream: 'a', line: BAIT };
    await journal.take([line]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  t.regex((await following.result).err, words);
  await until(other, { pattern: /aa!/ });
  other.child.kill('SIGINT');
  await other.result;
});

for (const args of [
  ['show', '('],
  ['show', '--streams', '('],
  ['show', '(', '--realtime'],
  ['wait', '('],
]) {
  test(`walt log ${args.join(' ')} is refused in words`, async (t) => {
    const { walt, close } = await platformWith();
    t.teardown(close);
    const { code, err } = await walt('log', ...args);
    t.is(code, 1);
    t.regex(err, /^Cannot use '\(': Invalid regular expression.*\n$/);
  });
}
