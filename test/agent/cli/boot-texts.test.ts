import test from 'ava';
import { bootTimeline } from '../../../agent/cli/texts/boot-timeline.ts';
import { reliabilityTable } from '../../../agent/cli/texts/reliability-table.ts';

const S = 1_000_000;

test('bootTimeline() draws what a leg took, what is missing to the usual time, and what is too long', (t) => {
  const leg = (name: string, took: number) => ({ leg: name, took: took * S, help: 'h' });
  const expected = [
    { leg: 'mount', median: 20 * S, limit: 30 * S, count: 5 },
    { leg: 'system', median: 10 * S, limit: 20 * S, count: 5 },
  ];
  const legs = [leg('first-file', 4), leg('mount', 10), leg('system', 40)];
  const lines = bootTimeline({ legs, expected }).split('\n');
  t.is(lines[2], `first-file  4.0 s   -       ####${' '.repeat(38)}h`);
  t.true(lines[3]?.includes(`20.0 s  ${'#'.repeat(10)}${'-'.repeat(10)} `), lines[3]);
  t.true(lines[4]?.includes(`${'#'.repeat(20)}${'!'.repeat(20)}  h`), lines[4]);
});

test('reliabilityTable() has the worst board first, and those that never booted last', (t) => {
  const node = { boots: 0, failures: [], longest: 0, healed: 0, reliability: null };
  const text = reliabilityTable([
    { ...node, name: 'new' },
    { ...node, name: 'good', boots: 100, reliability: 1, longest: 31 * S },
    {
      ...node,
      name: 'bad',
      boots: 3,
      failures: [{ kind: 'no-mount', count: 1 }],
      reliability: 0.75,
      healed: 1,
    },
  ]);
  const [, , bad, good, last] = text.split('\n');
  t.regex(bad ?? '', /^bad +75\.0 % +3 +no-mount 1 +- +1$/);
  t.regex(good ?? '', /^good +100\.0 % +100 +- +31\.0 s +0$/);
  t.regex(last ?? '', /^new +- +0/);
});
