import test from 'ava';
import { Pace } from '../../../../agent/net/limits/pace.ts';

function open() {
  let now = 0;
  const pace = new Pace(2, () => now);
  return {
    pace,
    later: (ms: number) => {
      now += ms;
    },
  };
}

test('Pace lets a burst through, and lets who took more wait until it is paid', (t) => {
  const { pace, later } = open();
  t.is(pace.take('a', 1.5), 0);
  t.is(pace.take('a', 0.5), 0);
  t.is(pace.take('a', 3), 3000);
  later(3000);
  t.is(pace.take('a', 0), 0);
  t.is(pace.take('a', 1), 1000);
});

test('Pace saves no more than a burst, and counts each address for itself', (t) => {
  const { pace, later } = open();
  pace.take('a', 2);
  later(1_000_000);
  t.is(pace.take('a', 3), 1000);
  t.is(pace.take('b', 2), 0);
});

test('Pace forgets addresses that have paid', (t) => {
  const { pace, later } = open();
  for (let index = 0; index < 5000; index += 1) {
    pace.take(`address ${index}`, 1);
    later(1000);
  }
  t.true(pace.size <= 1000, `${pace.size}`);
});
