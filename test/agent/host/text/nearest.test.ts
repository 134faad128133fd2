import test from 'ava';
import { didYouMean, nearest } from '../../../../agent/host/text/nearest.ts';

const NAMES = ['show', 'wait', 'reboot'];
const guesses: readonly (readonly [string, string | undefined])[] = [
  ['shwo', 'show'],
  ['sho', 'show'],
  ['rebot', 'reboot'],
  ['re', 'reboot'],
  ['wayt', 'wait'],
  ['destroy', undefined],
  ['SHWO', 'show'],
  ['', undefined],
  ['x', undefined],
];

for (const [word, expected] of guesses) {
  test(`nearest() takes '${word}' for ${expected ?? 'nothing'}`, (t) => {
    t.is(nearest(word, NAMES), expected);
  });
}

test('nearest() takes the shortest of those that begin so', (t) => {
  t.is(nearest('rpi', ['rpi-kitchen', 'rpi-10', 'pc-1']), 'rpi-10');
});

test('didYouMean() goes behind a sentence, or is nothing', (t) => {
  t.is(didYouMean('pc1', ['PC-1', 'rpi-1']), " Did you mean 'PC-1'?");
  t.is(didYouMean('ghost', ['PC-1', 'rpi-1']), '');
});

test('nearest() is cheap with a thousand names, also for a word of a kilobyte', (t) => {
  const names = Array.from(
    { length: 1000 },
    (_, index) => `classroom-${index}-computer-of-somebody`,
  );
  nearest('classroom', names);
  const begun = performance.now();
  t.is(nearest('clasroom-512-computer-of-somebody', names), 'classroom-512-computer-of-somebody');
  t.is(nearest('x'.repeat(1000), names), undefined);
  t.true(performance.now() - begun < 1000);
});
