import test from 'ava';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { parseMoment } from '../../../../agent/cli/texts/moment.ts';

const NOW = 1_764_000_000_000_000;
const local = (...parts: [number, number, number, number?, number?, number?]) =>
  new Date(...parts).getTime() * 1000;

const moments: readonly (readonly [string, number])[] = [
  ['-5m', NOW - 300_000_000],
  ['-0s', NOW],
  ['2026-11-26', local(2026, 10, 26)],
  ['2026-11-26 10:45', local(2026, 10, 26, 10, 45)],
  ['2026-11-26 10:45:49', local(2026, 10, 26, 10, 45, 49)],
  ['2026-11-26T10:45:49', local(2026, 10, 26, 10, 45, 49)],
  ['2026-11-26 10:45:49.000002', local(2026, 10, 26, 10, 45, 49) + 2],
  ['2028-02-29', local(2028, 1, 29)],
];

for (const [text, at] of moments) {
  test(`parseMoment() reads '${text}'`, (t) => {
    t.is(parseMoment(text, NOW), at);
  });
}

for (const text of [
  '',
  'now',
  '5m',
  '2026-02-30',
  '2026-13-01',
  '2026-1-1',
  '2026-11-26 24:00:00',
  '2026-11-26 10:60',
  '2026-11-26 10:45:60',
  '2026-11-26 10',
]) {
  test(`parseMoment() refuses '${text}'`, (t) => {
    t.throws(() => parseMoment(text, NOW), { instanceOf: CommandError });
  });
}
