import { access } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { boards } from '../../../scripts/boards.ts';
import { modelsByWatches, watchesOf } from '../../../scripts/docs/watchdogs.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('every model has its stages, and is in the tables once', (t) => {
  for (const board of boards) t.true(watchesOf(board).length > 4, board.model);
  t.deepEqual(
    modelsByWatches()
      .flatMap(({ models }) => models)
      .toSorted(),
    boards.map(({ model }) => model).toSorted(),
  );
});

test('what a table calls a proof is there', async (t) => {
  for (const { watches } of modelsByWatches()) {
    for (const { proof } of watches) {
      for (const [, path = ''] of proof.matchAll(/`(test\/[^`]+)`/g)) {
        await t.notThrowsAsync(access(join(ROOT, path)), path);
      }
    }
  }
});

test('a Raspberry Pi 4 is watched from its EEPROM on, with one gap before Linux', (t) => {
  const [pi] = boards.filter(({ model }) => model === 'rpi-4-b');
  const watches = pi === undefined ? [] : watchesOf(pi);
  const beforeLinux = watches.slice(
    0,
    watches.findIndex(({ from }) => from === 'first program of the initrd'),
  );
  t.deepEqual(
    beforeLinux.map(({ isGap }) => isGap ?? false),
    [false, true, false, false, false],
  );
  // Each begins where the one before it ends.
  for (const [index, { from }] of beforeLinux.entries()) {
    if (index === 0) continue;
    t.true(beforeLinux[index - 1]?.to.startsWith(from), from);
  }
});
