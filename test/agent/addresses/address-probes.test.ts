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
  probes.tick(150);
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
  probes.tick(150);
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

test('AddressProbes takes no silence for a proof before it has asked twice', (t) => {
  const probes = new AddressProbes();
  probes.begin('a', 0);
  t.deepEqual(probes.tick(5000), { ask: ['a'], proved: [] }, 'the process stood still');
  t.deepEqual(probes.tick(5100), none);
  t.deepEqual(probes.tick(5250), { ask: [], proved: ['a'] });
});

const network = Array.from({ length: 20_000 }, (_, at) => `${at}`);

/** Lets time pass as the prober does. @returns how many questions left in each second */
function run(probes: AddressProbes, { from, to }: { from: number; to: number }): number[] {
  const asked: number[] = [];
  let next = 0;
  const free = (count: number, skip: (ip: string) => boolean) => {
    const found: string[] = [];
    for (let step = 0; step < 512 && found.length < count; step += 1) {
      next = (next + 1) % network.length;
      const ip = network[next];
      if (ip !== undefined && !skip(ip)) found.push(ip);
    }
    return found;
  };
  for (let now = from; now < to; now += 50) {
    const second = Math.floor((now - from) / 1000);
    const { ask } = probes.tick(now);
    const more = now % 100 === 0 ? probes.refill(now, free).ask : [];
    asked[second] = (asked[second] ?? 0) + ask.length + more.length;
  }
  return asked;
}

test('AddressProbes fills a low stock at 1,000 questions a second at most, and then calmly up to 16,384', (t) => {
  const probes = new AddressProbes();
  const asked = run(probes, { from: 0, to: 2 * MINUTE });
  t.true(Math.max(...asked) <= 1000, `${Math.max(...asked)}`);
  t.true((asked[0] ?? 0) > 800, 'fast at first');
  t.true(Math.max(...asked.slice(5)) <= 402, 'then calmly');
  t.is(probes.provedCount, 16_384);
  t.is(asked.at(-1), 0, 'full');
});

test('AddressProbes.refill() asks for no more while a rack takes addresses and there are enough, and then goes on', (t) => {
  const probes = new AddressProbes();
  run(probes, { from: 0, to: 20_000 });
  const free = (count: number) => network.slice(-count);
  for (const ip of network.slice(1, 21)) probes.taken(ip);
  t.deepEqual(probes.refill(20_000, free).ask, []);
  t.is(probes.refill(20_100, free).ask.length, 20);
  while (probes.take(20_100) !== undefined);
  for (const ip of network.slice(21, 41)) probes.taken(ip);
  t.true(probes.refill(20_200, free).ask.length > 0, 'there are not enough');
});

test('AddressProbes.refill() waits for a rack half a minute, and for nobody who takes addresses without end', (t) => {
  const probes = new AddressProbes();
  run(probes, { from: 0, to: 20_000 });
  const askedAt = (now: number) => {
    for (let number = 0; number < 20; number += 1) probes.taken(`of a device ${number}`);
    return probes.refill(now, (count) => network.slice(-count)).ask.length;
  };
  for (let call = 0; call < 300; call += 1) t.is(askedAt(20_000 + 100 * call), 0);
  t.is(askedAt(50_000), 20);
  t.true(askedAt(50_100) > 0);
  probes.refill(50_200, () => []);
  t.is(askedAt(50_300), 0, 'another rack');
});

test('AddressProbes renews all proofs before they end', (t) => {
  const probes = new AddressProbes();
  run(probes, { from: 0, to: 30 * MINUTE });
  let taken = 0;
  while (probes.take(30 * MINUTE) !== undefined) taken += 1;
  t.is(taken, 16_384);
});

test('AddressProbes asks for what clients wait for at the same pace, before the stock', (t) => {
  const probes = new AddressProbes();
  const clients = network.slice(0, 3000);
  const atOnce = clients.flatMap((ip) => probes.begin(ip, 0).ask);
  t.is(atOnce.length, 128);
  t.deepEqual(
    probes.refill(0, () => ['another']),
    none,
  );
  const asked = run(probes, { from: 50, to: 10_050 });
  t.true(Math.max(...asked) <= 1000);
  t.true(clients.every((ip) => probes.isProved(ip, 10_050)));
});

test('AddressProbes does not ask for what was heard while it waited to be asked for', (t) => {
  const probes = new AddressProbes();
  for (const ip of network.slice(0, 200)) probes.begin(ip, 0);
  t.true(probes.heard('199'));
  const asked = [50, 100, 150].flatMap((now) => probes.tick(now).ask);
  t.true(asked.includes('198'));
  t.false(asked.includes('199'));
});

test('AddressProbes.refill() looks seldom for addresses where a network has no more of them', (t) => {
  const probes = new AddressProbes();
  let looks = 0;
  let left: string[] = [];
  const refill = (now: number) =>
    probes.refill(now, () => {
      looks += 1;
      return left.splice(0);
    });
  for (let now = 0; now < 13_000; now += 100) refill(now);
  t.is(looks, 130);
  for (let now = 13_000; now < 23_000; now += 100) refill(now);
  t.is(looks, 140);
  left = ['a'];
  for (let now = 23_000; now < 25_000; now += 100) refill(now);
  t.true(probes.heard('a'), 'one that is free again is asked for');
  t.true(looks > 145, 'and more are looked for at once');
});
