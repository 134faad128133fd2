import test from 'ava';
import { Guesses } from '../../../agent/access/guesses.ts';

function guesses() {
  let now = 0;
  const counted = new Guesses(() => now);
  return {
    counted,
    pass: (ms: number) => {
      now += ms;
    },
    wrong: (times: number, user: string, address: string) => {
      for (let time = 0; time < times; time += 1) counted.begin(user, address);
    },
  };
}

test('Guesses let five wrong passwords pass, and then one a minute', (t) => {
  const { counted, pass, wrong } = guesses();
  wrong(4, 'alice', '192.0.2.1');
  t.is(counted.waitOf('alice', '192.0.2.1'), 0);
  wrong(1, 'alice', '192.0.2.1');
  t.is(counted.waitOf('alice', '192.0.2.1'), 60_000);
  pass(59_000);
  t.is(counted.waitOf('alice', '192.0.2.1'), 1000);
  pass(1000);
  t.is(counted.waitOf('alice', '192.0.2.1'), 0);
});

test('Guesses lock nobody out who comes from elsewhere, or is somebody else', (t) => {
  const { counted, wrong } = guesses();
  wrong(20, 'alice', '192.0.2.1');
  t.is(counted.waitOf('alice', '192.0.2.2'), 0);
  t.is(counted.waitOf('bob', '192.0.2.1'), 0);
});

test('Guesses count all addresses of a network of IPv6 as one', (t) => {
  const { counted, wrong } = guesses();
  for (let host = 1; host <= 5; host += 1) wrong(1, 'alice', `2001:db8::${host}`);
  t.true(counted.waitOf('alice', '2001:db8::ffff') > 0);
  t.is(counted.waitOf('alice', '2001:db8:0:1::1'), 0);
});

test('Guesses stop who tries many accounts from one address', (t) => {
  const { counted, wrong } = guesses();
  for (let user = 0; user < 30; user += 1) wrong(1, `user-${user}`, '192.0.2.1');
  t.true(counted.waitOf('fresh', '192.0.2.1') > 0);
  t.is(counted.waitOf('fresh', '192.0.2.2'), 0);
});

test('Guesses do not count a right one, nor forgive others for it', (t) => {
  const { counted, wrong } = guesses();
  wrong(4, 'alice', '192.0.2.1');
  for (let time = 0; time < 20; time += 1) {
    wrong(1, 'alice', '192.0.2.1');
    counted.right('alice', '192.0.2.1');
  }
  t.is(counted.waitOf('alice', '192.0.2.1'), 0);
  wrong(1, 'alice', '192.0.2.1');
  t.true(counted.waitOf('alice', '192.0.2.1') > 0);
});

test('Guesses of made-up users take no memory without end', (t) => {
  const { counted, wrong } = guesses();
  for (let user = 0; user < 30_000; user += 1) wrong(1, `user-${user}`, `10.0.${user % 200}.1`);
  t.true(counted.size <= 10_000);
});
