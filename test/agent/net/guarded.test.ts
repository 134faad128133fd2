import test from 'ava';
import { guarded } from '../../../agent/net/guarded.ts';

test('guarded() tells what is thrown, whatever it is, and is called again', (t) => {
  const told: string[] = [];
  const taken: number[] = [];
  const take = guarded(
    (number: number) => {
      taken.push(number);
      if (number === 1) throw new RangeError('one');
      if (number === 2) throw 'two';
    },
    ({ message }) => told.push(message),
  );
  for (const number of [0, 1, 2, 3]) take(number);
  t.deepEqual(
    [taken, told],
    [
      [0, 1, 2, 3],
      ['one', 'two'],
    ],
  );
});
