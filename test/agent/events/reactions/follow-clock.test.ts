import test from 'ava';
import { isReusable } from '../../../../agent/devices/reusable.ts';
import { followClock } from '../../../../agent/events/reactions/follow-clock.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';

const mac = '52:54:00:f2:67:82';
const HOUR_US = 3_600_000_000;

for (const hours of [500_000, -1]) {
  test(`followClock() keeps leases and boots when the clock is set by ${hours} hours`, async (t) => {
    const time = { now: 1_000 * HOUR_US };
    const records = await openRecords(':memory:', {}, () => time.now);
    const { registry, boots, publisher, publish, printed, store } = records;
    followClock(publisher, { boots, registry, startedAt: time.now });
    const leaseUntil = time.now + HOUR_US;
    const device = { mac, ip: '192.168.152.2', name: 'unknown-f26782', firstSeen: 1, leaseUntil };
    await put(registry, { ...device, type: 'unknown' });
    const signal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
    publish([{ kind: 'signal', mac, signal }]);
    const by = hours * HOUR_US;
    time.now += by;
    publish([{ kind: 'clock-set', by }]);
    await store.flush();
    const after = registry.byMac(mac);
    t.is(after?.leaseUntil, leaseUntil + by);
    t.false(after && isReusable(after, time.now), 'it has an hour left');
    t.is(boots.statusOf(mac).state, 'dhcp', 'and its loader spoke a moment ago');
    t.regex(printed.at(-1) ?? '', /daemon\.clock -> the clock of the server was set .* by \d+ s/);
  });
}

test('followClock() moves what it noted of devices since the server started, and nothing older', async (t) => {
  const time = { now: 1_000 * HOUR_US };
  const { registry, boots, publisher, publish, store } = await openRecords(
    ':memory:',
    {},
    () => time.now,
  );
  followClock(publisher, { boots, registry, startedAt: time.now });
  const old = { mac, ip: '192.168.152.2', name: 'old', type: 'unknown', firstSeen: 1 } as const;
  const early = time.now + 5;
  const young = { ...old, mac: '52:54:00:00:00:07', ip: '192.168.152.7', name: 'young' };
  await put(registry, old);
  await put(registry, { ...young, firstSeen: early, firstFile: early + 1, releasedAt: early + 2 });
  for (const by of [500_000 * HOUR_US, -3 * HOUR_US]) publish([{ kind: 'clock-set', by }]);
  await store.flush();
  const by = 499_997 * HOUR_US;
  t.like(registry.byMac(young.mac), {
    firstSeen: early + by,
    firstFile: early + 1 + by,
    releasedAt: early + 2 + by,
  });
  t.deepEqual(registry.byMac(mac), old);
});
