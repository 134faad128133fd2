import test from 'ava';
import {
  type Candidate,
  isRightMoment,
  type Moment,
  nextTrial,
} from '../../../../agent/hot/trials/choice.ts';

const idle: Moment = { isBooting: false, freeBytes: 4 * 2 ** 30, load: 0.1 };
const CASES: readonly [string, Partial<Moment>, 'idle' | 'always' | 'never', boolean][] = [
  ['idle', {}, 'idle', true],
  ['idle', {}, 'never', false],
  ['of which the processors work', { load: 0.6 }, 'idle', false],
  ['of which the processors work', { load: 7 }, 'always', true],
  ['that boots a node', { isBooting: true }, 'always', false],
  ['with little memory', { freeBytes: 2 ** 31 - 1 }, 'always', false],
];

for (const [what, moment, when, isRight] of CASES) {
  test(`isRightMoment() is ${isRight} on a machine ${what}, with ${when}`, (t) => {
    t.is(isRightMoment({ ...idle, ...moment }, when), isRight);
  });
}

test('nextTrial() is the first image that has no pack, and that no node uses', (t) => {
  const image: Candidate = { image: 'a', key: 'ka', hasPack: false, isInUse: false };
  const all = [{ ...image, hasPack: true }, { ...image, isInUse: true }, image];
  t.is(nextTrial(all), image);
  t.is(nextTrial(all.slice(0, 2)), undefined);
});
