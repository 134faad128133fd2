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

test('AddressProbes.take() gives each proved address once, the oldest first', (t) => {
  const probes = stocked('a', 'b');
  t.is(probes.take(500), 'a');
  t.is(probes.take(500), 'b');
  t.is(probes.take(500), undefined);
  t.true(probes.isProved('a', 500), 'it may be offered now');
});

for (const [event, use] of [
  ['was heard', (probes: AddressProbes) => probes.heard('a')],
  ['has an owner', (probes: AddressProbes) => probes.taken('a')],
] as const) {
  test(`AddressProbes.take() gives no address that ${event} since its proof`, (t) => {
    const probes = stocked('a');
    use(probes);
    t.is(probes.take(500), undefined);
  });
}

test('AddressProbes forgets a proof that is ten minutes old', (t) => {
  t.is(stocked('a').take(9 * MINUTE), 'a');
  t.is(stocked('a').take(11 * MINUTE), undefined);
});

test('AddressProbes.refill() puts back what was taken and is free again, without a question', (t) => {
  const probes = stocked('a', 'b');
  probes.take(500);
  t.deepEqual(
    probes.refill(600, (_count, skip) => ['a', 'b'].filter((ip) => !skip(ip))),
    none,
  );
  t.is(probes.take(700), 'b');
  t.is(probes.take(700), 'a');
});

function stocked(...addresses: string[]): AddressProbes {
  const probes = new AddressProbes();
  for (const ip of addresses) probes.begin(ip, 0);
  probes.tick(400);
  return probes;
}

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
  t.deepEqual(probes.refill(MINUTE, free), none, 'full');
  t.is(probes.refill(6 * MINUTE, free).ask.length, 128);
  let taken = 0;
  while (probes.take(MINUTE) !== undefined) taken += 1;
  t.is(taken, 1024);
});
