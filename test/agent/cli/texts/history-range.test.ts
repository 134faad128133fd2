import test from 'ava';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { hasCheckpoint, parseHistory } from '../../../../agent/cli/texts/history-range.ts';

const NOW = 1_000_000_000_000;
const SECOND = 1_000_000;

const ranges: readonly (readonly [string, unknown])[] = [
  ['none', undefined],
  ['full', {}],
  [':', {}],
  ['-5m:', { from: NOW - 300 * SECOND }],
  ['-5m', { from: NOW - 300 * SECOND }],
  [':-5m', { to: NOW - 300 * SECOND }],
  ['-2h:-1h', { from: NOW - 7200 * SECOND, to: NOW - 3600 * SECOND }],
  ['-1d:-30s', { from: NOW - 86_400 * SECOND, to: NOW - 30 * SECOND }],
  ['-0s:', { from: NOW }],
  ['-1h:-1h', { from: NOW - 3600 * SECOND, to: NOW - 3600 * SECOND }],
];

for (const [text, expected] of ranges) {
  test(`parseHistory() reads '${text}'`, (t) => {
    t.deepEqual(parseHistory(text, NOW), expected);
  });
}

const TIMES = new Map([
  ['my-start', NOW - 60 * SECOND],
  ['10', NOW - 30 * SECOND],
]);

const named: readonly (readonly [string, unknown])[] = [
  ['my-start:', { from: NOW - 60 * SECOND }],
  ['my-start:10', { from: NOW - 60 * SECOND, to: NOW - 30 * SECOND }],
  [':my-start', { to: NOW - 60 * SECOND }],
  ['my-start:-10s', { from: NOW - 60 * SECOND, to: NOW - 10 * SECOND }],
];

for (const [text, expected] of named) {
  test(`parseHistory() reads checkpoints of '${text}'`, (t) => {
    t.true(hasCheckpoint(text));
    t.deepEqual(
      parseHistory(text, NOW, (name) => TIMES.get(name)),
      expected,
    );
  });
}

test('parseHistory() says which checkpoint there is not', (t) => {
  const timeOf = (name: string) => TIMES.get(name);
  t.throws(() => parseHistory('my-start:other', NOW, timeOf), {
    instanceOf: CommandError,
    message: /you have no checkpoint 'other'\. walt log list-checkpoints/,
  });
  t.throws(() => parseHistory('10:my-start', NOW, timeOf), { message: /it starts after its end/ });
});

const wrong = [
  '',
  '5m:',
  '-5',
  '-5w:',
  '-m:',
  '--5m:',
  '-5m:-10m',
  '-1m:-2m:-3m',
  'yesterday',
  '-1.5h:',
];

for (const text of wrong) {
  test(`parseHistory() refuses '${text}'`, (t) => {
    t.throws(() => parseHistory(text, NOW), { instanceOf: CommandError });
  });
}
