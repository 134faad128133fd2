import test from 'ava';
import { drawnLegs, scaleOf } from '../../../../page/state/nodes/timeline.ts';

const S = 1_000_000;
const expected = [
  { leg: 'first-file', median: 2 * S, limit: 30 * S, count: 5 },
  { leg: 'system', median: 10 * S, limit: 45 * S, count: 5 },
];
const leg = (name: string, took: number) => ({ leg: name, took, help: '' });
const stages = [
  { at: 100 * S, stage: 'dhcp' },
  { at: 102 * S, stage: 'mounted' },
];

test('drawnLegs() lets the leg go on that the boot is on', (t) => {
  const shown = { expected, stages, legs: [leg('first-file', S)] };
  const legs = drawnLegs(shown, 'mounted', 105 * S);
  t.like(legs, [
    { leg: 'first-file', took: S, isNow: false, usual: 2 * S },
    { leg: 'next-file', took: undefined, usual: undefined },
    { leg: 'mount', took: undefined },
    { leg: 'system', took: 3 * S, isNow: true, verdict: 'good' },
  ]);
});

test('drawnLegs() says when a leg takes longer than usual, and when it has stopped', (t) => {
  const shown = { expected, stages, legs: [] };
  const verdict = (seconds: number) => drawnLegs(shown, 'mounted', (102 + seconds) * S)[3]?.verdict;
  t.is(verdict(15), 'good');
  t.is(verdict(16), 'late');
  t.is(verdict(46), 'too-late');
});

test('drawnLegs() has no running leg of a boot that is over', (t) => {
  const legs = drawnLegs({ expected, stages, legs: [leg('system', 9 * S)] }, 'booted', 999 * S);
  t.false(legs.some(({ isNow }) => isNow));
});

test('scaleOf() keeps all bars on the line', (t) => {
  const legs = drawnLegs({ expected, stages, legs: [leg('system', 20 * S)] }, 'booted', 0);
  const scale = scaleOf(legs);
  t.is(scale(20 * S), 1);
  t.is(scale(10 * S), 0.5);
  t.is(scale(99 * S), 1);
});
