import test from 'ava';
import { add, NOTHING, readTapLine, tallyText } from '../../../scripts/gate/tap.ts';

const reads = test.macro<[string, ReturnType<typeof readTapLine>]>((t, line, expected) => {
  t.deepEqual(readTapLine(line), expected);
});

test('readTapLine() knows a passed test', reads, 'ok 1 - a › b # c', {
  kind: 'test',
  outcome: 'passed',
  title: 'a › b # c',
});
test('readTapLine() knows a failed test', reads, 'not ok 12 - a', {
  kind: 'test',
  outcome: 'failed',
  title: 'a',
});
test('readTapLine() knows a skipped test', reads, 'ok 3 - a # SKIP', {
  kind: 'test',
  outcome: 'skipped',
  title: 'a',
});
test('readTapLine() counts a test still to be written as skipped', reads, 'not ok 4 - a # TODO', {
  kind: 'test',
  outcome: 'skipped',
  title: 'a',
});
test('readTapLine() leaves other lines', reads, '  message: ok 1', {
  kind: 'other',
  text: '  message: ok 1',
});

test('tallyText() of sums', (t) => {
  const one = { passed: 2, failed: 1, skipped: 0 };
  t.is(tallyText(add(one, NOTHING)), '2 passed, 1 failed');
  t.is(tallyText(add(one, { ...NOTHING, skipped: 3 })), '2 passed, 1 failed, 3 skipped');
});
