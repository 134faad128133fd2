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
    followClock(publisher, { boots, registry });
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
