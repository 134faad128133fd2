import test from 'ava';
import { startTestPlatform } from '../test-platform.ts';

test('walt log add-checkpoint gives moments names that --history takes', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { walt, publish } = platform;
  t.is((await walt('log', 'list-checkpoints')).err, 'You have no checkpoint.\n');
  publish([{ kind: 'problem', source: 'test', message: 'before' }]);
  const added = await walt('log', 'add-checkpoint', 'my-start');
  t.regex(added.out, /^Checkpoint my-start is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\n$/);
  publish([{ kind: 'problem', source: 'test', message: 'between' }]);
  await walt('log', 'add-checkpoint', 'my-end');
  publish([{ kind: 'problem', source: 'test', message: 'after' }]);
  const dated = await walt('log', 'add-checkpoint', 'old', '--date', '2020-01-02 03:04:05');
  t.is(dated.out, 'Checkpoint old is 2020-01-02 03:04:05.\n');
  const show = async (range: string) =>
    (await walt('log', 'show', '--history', range, '--format', '{line}')).out;
  t.is(await show('my-start:my-end'), 'between\n');
  t.is(await show('my-end:'), 'after\n');
  t.is(await show(':my-start'), 'before\n');
  const list = await walt('log', 'list-checkpoints', '--names-only');
  t.is(list.out, 'old\nmy-start\nmy-end\n');
  t.regex(
    (await walt('log', 'list-checkpoints')).out,
    /^name +date\n-+ +-+\nold +2020-01-02 03:04:05\n/,
  );
  const other = await walt('log', 'show', '--history', 'nothing:');
  t.is(other.code, 1);
  t.regex(other.err, /^Cannot use history 'nothing:': you have no checkpoint 'nothing'\. /);
  t.is((await walt('log', 'remove-checkpoint', 'my-end')).out, 'Checkpoint my-end is removed.\n');
  const gone = await walt('log', 'remove-checkpoint', 'my-end');
  t.regex(gone.err, /^Nothing was removed: you have no checkpoint 'my-end'\./);
  const wrong = await walt('log', 'add-checkpoint', 'x y');
  t.is(wrong.code, 1);
  t.regex(wrong.err, /^Cannot add checkpoint 'x y': expected /);
  const date = await walt('log', 'add-checkpoint', 'xy', '--date', 'soon');
  t.regex(date.err, /^Cannot use date 'soon', expected as '2026-11-26 10:45:49' in your time zone/);
});
