import test from 'ava';
import type { Device } from '../../../../../agent/devices/device.ts';
import { followNames } from '../../../../../agent/events/reactions/follow/follow-names.ts';
import { put } from '../../../../support/put.ts';
import { openRecords } from '../../../../support/records.ts';

const device: Device = {
  mac: '52:54:00:f2:67:82',
  ip: '192.168.152.2',
  name: 'unknown-f26782',
  type: 'unknown',
  firstSeen: 5,
};

for (const [what, change, times] of [
  ['a name', { ...device, name: 'web' }, 1],
  ['an address', { ...device, ip: '192.168.152.3' }, 1],
  ['its end', undefined, 1],
  ['the end of its lease', { ...device, leaseUntil: 9 }, 0],
] as const) {
  test(`followNames() tells ${times === 0 ? 'nobody' : 'once'} of ${what}`, async (t) => {
    const { registry, publisher } = await openRecords();
    await put(registry, device);
    let told = 0;
    followNames(publisher, () => {
      told += 1;
    });
    await registry.change(device.mac, () => change);
    t.is(told, times);
  });
}
