import test from 'ava';
import { type Device, withLease } from '../../../agent/devices/device.ts';

const device: Device = {
  mac: '52:54:00:00:00:01',
  ip: '192.168.152.2',
  name: 'unknown-000001',
  type: 'unknown',
  firstSeen: 1,
};

test('withLease() ends a release', (t) => {
  const { releasedAt, leaseUntil } = withLease({ ...device, releasedAt: 5 }, 2000);
  t.deepEqual([releasedAt, leaseUntil], [undefined, 2000]);
});

test('withLease() changes nothing of a node that renews, so that nothing is written', (t) => {
  const node: Device = { ...device, type: 'node' };
  t.is(withLease(node, 2000), node);
});
