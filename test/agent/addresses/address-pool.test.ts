import test from 'ava';
import { AddressPool } from '../../../agent/addresses/address-pool.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';

const subnet = parseCidr('192.168.152.1/29'); // hosts .1 (the server) to .6
const MINUTE = 60_000;

function pool(...owned: string[]): AddressPool {
  return new AddressPool(subnet, { isOwned: (ip) => owned.includes(ip) });
}

test('AddressPool offers each device an address of its own, and the same one again', (t) => {
  const addresses = pool();
  t.is(addresses.offer('a', { now: 0 }), '192.168.152.2');
  t.is(addresses.offer('b', { now: 0 }), '192.168.152.3');
  t.is(addresses.offer('a', { now: 1 }), '192.168.152.2');
});

test('AddressPool offers neither the server nor the address of a device', (t) => {
  const addresses = pool('192.168.152.2', '192.168.152.3');
  t.is(addresses.offer('a', { now: 0 }), '192.168.152.4');
});

const wishes = [
  ['grants a free one', '192.168.152.5', '192.168.152.5'],
  ["refuses the server's", '192.168.152.1', '192.168.152.2'],
  ['refuses one of another network', '10.0.0.5', '192.168.152.2'],
  ['refuses the broadcast address', '192.168.152.7', '192.168.152.2'],
  ['refuses nonsense', 'x', '192.168.152.2'],
] as const;

for (const [title, wanted, ip] of wishes) {
  test(`AddressPool asked for an address ${title}`, (t) => {
    t.is(pool().offer('a', { wanted, now: 0 }), ip);
  });
}

test('AddressPool has nothing left when all are offered, until an offer is a minute old', (t) => {
  const addresses = pool();
  for (const mac of ['a', 'b', 'c', 'd', 'e']) t.truthy(addresses.offer(mac, { now: 0 }));
  t.is(addresses.offer('f', { now: 1 }), undefined);
  t.truthy(addresses.offer('f', { now: MINUTE + 1 }));
});

test('AddressPool.withdraw() frees an offer', (t) => {
  const addresses = pool('192.168.152.3', '192.168.152.4', '192.168.152.5', '192.168.152.6');
  t.is(addresses.offer('a', { now: 0 }), '192.168.152.2');
  t.is(addresses.offer('b', { now: 0 }), undefined);
  addresses.withdraw('a');
  t.is(addresses.offer('b', { now: 0 }), '192.168.152.2');
});

test('AddressPool.setAside() keeps an address that somebody else uses away for an hour', (t) => {
  const addresses = pool('192.168.152.4', '192.168.152.5', '192.168.152.6');
  addresses.setAside('192.168.152.2', 0);
  t.is(addresses.offer('a', { now: 1 }), '192.168.152.3');
  addresses.withdraw('a');
  t.is(addresses.offer('a', { now: 60 * MINUTE + 1 }), '192.168.152.2');
});

test('AddressPool tries the address that was set aside longest ago where no other is left', (t) => {
  const addresses = pool('192.168.152.4', '192.168.152.5', '192.168.152.6');
  addresses.setAside('192.168.152.2', 0);
  addresses.setAside('192.168.152.3', 0);
  addresses.setAside('192.168.152.2', 1);
  t.is(addresses.offer('a', { now: 2 }), '192.168.152.3');
  t.is(addresses.offer('b', { now: 2 }), '192.168.152.2');
  t.is(addresses.offer('c', { now: 2 }), undefined);
});

test('AddressPool.decline() believes a machine once an hour', (t) => {
  const addresses = pool();
  t.true(addresses.decline('a', '192.168.152.2', 0));
  t.false(addresses.decline('a', '192.168.152.3', 1));
  t.true(addresses.decline('b', '192.168.152.4', 1));
  t.deepEqual(
    addresses.freeAddresses(9, 2, () => false),
    ['192.168.152.3', '192.168.152.5', '192.168.152.6'],
  );
  t.true(addresses.decline('a', '192.168.152.3', 60 * MINUTE + 1));
});

test('AddressPool.decline() remembers few of the machines that somebody makes up', (t) => {
  const addresses = pool();
  for (let mac = 0; mac < 10_000; mac += 1) addresses.decline(`m${mac}`, '192.168.152.2', mac);
  t.true(addresses.decline('m1', '192.168.152.2', 10_001), 'it is one of those forgotten');
  t.false(addresses.decline('m9999', '192.168.152.2', 10_001));
});

test('AddressPool.freeAddresses() goes round the network, a part of it with each call', (t) => {
  const large = new AddressPool(parseCidr('10.0.0.1/22'), { isOwned: (ip) => ip === '10.0.0.3' });
  const none = () => false;
  t.deepEqual(large.freeAddresses(3, 0, none), ['10.0.0.2', '10.0.0.4', '10.0.0.5']);
  t.deepEqual(large.freeAddresses(1, 0, none), ['10.0.0.6']);
  t.deepEqual(
    large.freeAddresses(9, 0, () => true),
    [],
    'it looks at some hundred only',
  );
  t.deepEqual(large.freeAddresses(1, 0, none), ['10.0.2.7']);
  t.is(large.freeAddresses(2000, 0, none).length, 510, 'and round, without the two in use');
  t.is(pool().freeAddresses(9, 0, none).length, 5, 'each once');
});
