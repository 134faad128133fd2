import { join } from 'node:path';
import test from 'ava';
import { isReusable } from '../../../../../agent/devices/reusable.ts';
import { followClock } from '../../../../../agent/events/reactions/follow/follow-clock.ts';
import { put } from '../../../../support/put.ts';
import { openRecords } from '../../../../support/records.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

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

for (const hours of [500_000, -900]) {
  test(`followClock() keeps how long a boot takes when the clock is set by ${hours} hours meanwhile`, async (t) => {
    const folder = await temporaryFolder(t);
    const file = join(folder, 'walt.db');
    const time = { now: 1_000 * HOUR_US };
    const device = { mac, ip: '192.168.152.2', name: 'node-f26782', type: 'node' } as const;
    const before = await openRecords(file, {}, () => time.now);
    await put(before.registry, { ...device, firstSeen: 1 });
    const discover = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
    before.publish([{ kind: 'signal', mac, signal: discover }]);
    await before.store.close();

    const run = await openRecords(file, {}, () => time.now);
    const { boots, publisher, publish, registry, store } = run;
    followClock(publisher, { boots, registry, startedAt: time.now });
    const other = { ...device, mac: '52:54:00:00:00:07', ip: '192.168.152.7', name: 'other' };
    await put(registry, { ...other, firstSeen: time.now });
    const started = time.now + 1;
    time.now = started;
    publish([{ kind: 'signal', mac: other.mac, signal: discover }]);
    time.now += 5_000_000;
    const by = hours * HOUR_US;
    time.now += by;
    publish([{ kind: 'clock-set', by }]);
    time.now += 2_000_000;
    publish([{ kind: 'signal', mac: other.mac, signal: { kind: 'mounted' } }]);
    await store.flush();
    const stages = await boots.stagesOf(other.mac);
    t.deepEqual(
      stages.map(({ at, stage }) => [stage, at - started - by]),
      [
        ['dhcp', 0],
        ['mounted', 7_000_000],
      ],
    );
    t.is(boots.statusOf(other.mac).since, started + by);
    t.is(boots.statusOf(mac).since, 1_000 * HOUR_US, 'a boot of an earlier run stays');
    await store.close();
    const after = await openRecords(file, {}, () => time.now);
    t.is(after.boots.statusOf(other.mac).since, started + by);
    await after.store.close();
  });
}
