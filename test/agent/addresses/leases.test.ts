import test from 'ava';
import { reusableAddresses } from '../../../agent/addresses/leases.ts';
import type { Device } from '../../../agent/devices/device.ts';

const now = 1000;
const device: Device = {
  mac: '52:54:00:00:00:01',
  ip: 'a',
  name: 'unknown-000001',
  type: 'unknown',
  firstSeen: 1,
};

test('reusableAddresses() has the oldest released first, then the oldest expired', (t) => {
  const devices = [
    { ...device, ip: 'expired-late', leaseUntil: 900 },
    { ...device, ip: 'expired-early', leaseUntil: 800 },
    { ...device, ip: 'released-late', leaseUntil: 2000, releasedAt: 600 },
    { ...device, ip: 'released-early', leaseUntil: 2000, releasedAt: 500 },
  ];
  t.deepEqual(reusableAddresses(devices, now), [
    'released-early',
    'released-late',
    'expired-early',
    'expired-late',
  ]);
});

test('reusableAddresses() has those of a device that named itself, not of one that somebody renamed', (t) => {
  const named = { ...device, name: 'phone', hostName: 'phone', releasedAt: 5 };
  t.deepEqual(reusableAddresses([named], now), ['a']);
  t.deepEqual(reusableAddresses([{ ...named, name: 'phone-of-ann' }], now), []);
});

for (const [title, kept] of [
  ['a node', { type: 'node', releasedAt: 5 }],
  ['a device that waits for an image', { model: 'rpi-b', releasedAt: 5 }],
  ['a device that somebody named', { name: 'printer', leaseUntil: 5 }],
  ['a device whose lease runs', { leaseUntil: 1001 }],
  ['a device of an earlier version, whose lease nobody wrote down', {}],
] as const) {
  test(`reusableAddresses() leaves ${title} alone`, (t) => {
    t.deepEqual(reusableAddresses([{ ...device, ...kept }], now), []);
  });
}
