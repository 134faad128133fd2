import test from 'ava';
import { AddressProbes } from '../../../agent/addresses/address-probes.ts';

const MINUTE = 60_000;
const none = { ask: [], proved: [] };

test('AddressProbes asks twice, and takes silence for a proof', (t) => {
  const probes = new AddressProbes();
  t.deepEqual(probes.begin('a', 0), { ask: ['a'], proved: [] });
  t.deepEqual(probes.begin('a', 10), none, 'asked for already');
  t.deepEqual(probes.tick(100), none);
  t.deepEqual(probes.tick(150), { ask: ['a'], proved: [] });
  t.deepEqual(probes.tick(200), none);
  t.false(probes.isProved('a', 399));
  t.deepEqual(probes.tick(400), { ask: [], proved: ['a'] });
  t.true(probes.isProved('a', 400));
});

test('AddressProbes takes an answer, and a sign of life later, for the opposite', (t) => {
  const probes = new AddressProbes();
  probes.begin('a', 0);
  t.true(probes.heard('a'));
  t.deepEqual(probes.tick(400), none);
  probes.begin('b', 0);
  probes.tick(400);
  t.true(probes.heard('b'));
  t.false(probes.isProved('b', 500));
  t.false(probes.heard('c'), 'nobody asked');
});

test('AddressProbes forgets a proof that is ten minutes old', (t) => {
  const probes = new AddressProbes();
  probes.begin('a', 0);
  probes.tick(400);
  t.deepEqual([...probes.proved(9 * MINUTE)], ['a']);
  t.deepEqual([...probes.proved(11 * MINUTE)], []);
});

test('AddressProbes no longer counts an address that has an owner', (t) => {
  const probes = new AddressProbes();
  probes.begin('a', 0);
  probes.taken('a');
  t.false(probes.heard('a'), 'the owner answers');
  t.deepEqual(probes.tick(400), none);
});

test('AddressProbes.refill() keeps to its bounds, and renews proofs before they end', (t) => {
  const probes = new AddressProbes();
  const all = Array.from({ length: 3000 }, (_, at) => `${at}`);
  const free = (count: number, skip: (ip: string) => boolean) =>
    all.filter((ip) => !skip(ip)).slice(0, count);
  t.is(probes.refill(0, free).ask.length, 128);
  t.is(probes.refill(1, free).ask.length, 0, 'enough at once');
  for (let now = 0; now < MINUTE; now += 500) {
    probes.tick(now);
    probes.refill(now, free);
  }
  probes.tick(MINUTE);
  t.is([...probes.proved(MINUTE)].length, 1024);
  t.deepEqual(probes.refill(MINUTE, free), none, 'full');
  t.is(probes.refill(6 * MINUTE, free).ask.length, 128);
});
