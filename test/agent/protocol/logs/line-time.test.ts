import test from 'ava';
import { timedLine } from '../../../../agent/protocol/logs/line-time.ts';

const NOW = 1_764_000_000_000_000;
const DAY = 86_400;
const at = (seconds: number) => NOW + seconds * 1_000_000;

const cases: readonly (readonly [string, string, ReturnType<typeof timedLine>])[] = [
  ['a time with its fraction', '1763999999.25 hello', { at: at(-0.75), line: 'hello' }],
  ['a time in whole seconds', '1763999990 hello', { at: at(-10), line: 'hello' }],
  ['nanoseconds', '1763999990.123456789 x', { at: at(-10) + 123_456, line: 'x' }],
  ['an empty line', '1763999990.5', { at: at(-9.5), line: '' }],
  ['what is behind one space', '1763999990  x', { at: at(-10), line: ' x' }],
  ['a second ahead', '1764000001 x', { at: at(1), line: 'x' }],
  ['more than a second ahead as now', '1764000001.1 x', { at: NOW, line: 'x' }],
  ['a clock that was never set as now', '12.5 x', { at: NOW, line: 'x' }],
  ['nine years ago', `${1_764_000_000 - 9 * 365 * DAY} x`, { at: at(-9 * 365 * DAY), line: 'x' }],
  ['eleven years ago as now', `${1_764_000_000 - 11 * 365 * DAY} x`, { at: NOW, line: 'x' }],
  ['a line without a time as it is', 'hello 5', { at: NOW, line: 'hello 5' }],
  ['a negative time as part of the line', '-5 x', { at: NOW, line: '-5 x' }],
  ['a number that is none as part of the line', '1e9 x', { at: NOW, line: '1e9 x' }],
  [
    'a number without end as part of the line',
    `${'9'.repeat(400)} x`,
    { at: NOW, line: `${'9'.repeat(400)} x` },
  ],
];

for (const [what, line, timed] of cases) {
  test(`timedLine() takes ${what}`, (t) => t.deepEqual(timedLine(line, NOW), timed));
}
