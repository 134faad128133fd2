import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import { inTheWay, isPasserBy, longGone } from '../../../agent/nodes/passers-by.ts';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const now = 1000 * DAY;

/** A node that was made up: it asked for an address as a loader does, and for nothing more. */
function madeUp(number: number, more: Partial<Device> = {}): Device {
  const end = number.toString(16).padStart(6, '0');
  return {
    mac: `02:00:00:${(end.match(/../g) ?? []).join(':')}`,
    ip: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
    name: `node-${end}`,
    type: 'node',
    model: 'pc-x86-64',
    image: 'waltplatform/pc-x86-64-default:latest',
    root: 'sha256:00',
    firstSeen: now - DAY + number,
    ...more,
  };
}

const many = (count: number, from = 0, more: Partial<Device> = {}) =>
  Array.from({ length: count }, (_, index) => madeUp(from + index, more));

for (const [title, more, expected] of [
  ['a node that never got a file', {}, true],
  ['a node that got one', { firstFile: 1 }, false],
  ['a node that somebody named', { name: 'pc-412' }, false],
  ['a node that somebody gave an image', { image: 'alice/web:latest' }, false],
  ['a node that somebody set something of', { settings: { 'boot.timeout': '60' } }, false],
  ['a node that is to start from its own disk', { bootsLocal: true }, false],
  ['a virtual machine of the server', { machine: { isOff: false } }, false],
  ['a machine that waits for an image', { type: 'unknown', leaseUntil: now + DAY }, true],
] as const) {
  test(`isPasserBy() is ${expected} of ${title}`, (t) => {
    t.is(isPasserBy(madeUp(1, more), now), expected);
  });
}

for (const [title, more, expected] of [
  ['whose lease runs', { leaseUntil: now + 1 }, false],
  ['whose lease is over', { leaseUntil: now - 1 }, true],
  ['that gave its address back', { leaseUntil: now + 1, releasedAt: now - 1 }, true],
] as const) {
  test(`isPasserBy() is ${expected} of a phone ${title}`, (t) => {
    const { model: _model, image: _image, root: _root, ...device } = madeUp(1);
    t.is(isPasserBy({ ...device, type: 'unknown', ...more }, now), expected);
  });
}

test('longGone() has those of whom nothing was heard for 30 days', (t) => {
  const devices = [
    madeUp(1, { firstSeen: now - 31 * DAY }),
    madeUp(2, { firstSeen: now - 29 * DAY }),
    madeUp(3, { firstSeen: now - 31 * DAY, leaseUntil: now - 29 * DAY }),
    madeUp(4, { firstSeen: now - 31 * DAY, firstFile: now - 31 * DAY }),
  ];
  t.deepEqual(longGone(devices, now), devices.slice(0, 1));
});

test('inTheWay() has nobody as long as 80 % of the addresses are enough', (t) => {
  t.deepEqual(inTheWay(many(202), { addresses: 253, now }), []);
});

test('inTheWay() has the oldest of 250 made-up machines in a /24, and no node that booted', (t) => {
  const nodes = many(100, 1000, { firstFile: 1, firstSeen: 1 });
  const devices = [...nodes, ...many(150).toReversed()];
  const gone = inTheWay(devices, { addresses: 253, now });
  t.deepEqual(
    gone.map(({ firstSeen }) => firstSeen),
    many(61).map(({ firstSeen }) => firstSeen),
  );
  const booted = many(250, 0, { firstFile: 1 });
  t.deepEqual(inTheWay(booted, { addresses: 253, now }), [], 'nodes that booted stay, all of them');
});

test('inTheWay() leaves 10,000 boards alone that come at once, also where they fill the network', (t) => {
  const boards = many(10_000, 0, { firstSeen: now - 30 * SECOND });
  for (const addresses of [65_533, 16_381, 10_000]) {
    t.deepEqual(inTheWay(boards, { addresses, now }), [], `${addresses}`);
  }
});

test('inTheWay() has made-up machines rather than the 10,000 boards that come behind them', (t) => {
  const boards = many(10_000, 5000, { firstSeen: now - 90 * SECOND });
  const gone = inTheWay([...boards, ...many(4000)], { addresses: 16_381, now });
  t.is(gone.length, 1715);
  t.true(gone.every(({ firstSeen }) => firstSeen < now - 90 * SECOND));
});
