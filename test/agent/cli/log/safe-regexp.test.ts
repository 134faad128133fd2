import test from 'ava';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { safeRegExp } from '../../../../agent/cli/log/safe-regexp.ts';

test('safeRegExp() finds the pattern anywhere in each text', (t) => {
  const matches = safeRegExp('b+|^$');
  t.deepEqual([...matches(['abc', 'ac', '', 'B'])], [true, false, true, false]);
  t.deepEqual([...matches([])], []);
});

test('safeRegExp() gives up on a pattern that takes for ever, and says what to do', (t) => {
  const matches = safeRegExp('^(a+)+$');
  const error = t.throws(() => matches([`${'a'.repeat(60)}!`]), { instanceOf: CommandError });
  t.regex(error?.message ?? '', /takes too long .* Leave out repetitions within repetitions/);
  t.deepEqual([...matches(['aaa'])], [true]);
});

test('safeRegExp() refuses what is no regular expression', (t) => {
  t.throws(() => safeRegExp('('), { instanceOf: CommandError, message: /^Cannot use '\('/ });
});
