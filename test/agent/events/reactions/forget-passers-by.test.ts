import test from 'ava';
import { forgetPassersBy } from '../../../../agent/events/reactions/forget-passers-by.ts';
import { openRecords } from '../../../support/records.ts';

const MINUTE_US = 60_000_000;
const macOf = (number: number) => `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;

async function open() {
  const time = { now: 1e15, steady: 0 };
  const images = { 'pc-x86-64': 'waltplatform/a:latest' };
  const records = await openRecords(':memory:', images, () => time.now);
  const options = { addresses: 10, clock: () => time.now, now: () => time.steady };
  const sweep = forgetPassersBy(records.publisher, { ...records, ...options });
  const come = async (number: number) => {
    const seen = { mac: macOf(number), ip: `192.168.152.${number}`, model: 'pc-x86-64' };
    records.publish(await records.detection.see(seen));
    time.now += 1;
    await records.store.flush();
  };
  return { ...records, time, sweep, come };
}

test('forgetPassersBy() makes room for a new device, with one line for all that go', async (t) => {
  const { come, time, registry, printed } = await open();
  for (let number = 2; number <= 10; number += 1) await come(number);
  t.is(registry.size, 9, 'nobody goes who has just come');
  time.now += 2 * MINUTE_US;
  time.steady += 2000;
  const before = printed.length;
  await come(11);
  await new Promise((resolve) => setImmediate(resolve));
  t.is(registry.size, 7);
  t.is(registry.byMac(macOf(4)), undefined);
  t.truthy(registry.byMac(macOf(5)));
  t.truthy(registry.byMac(macOf(11)));
  const lines = printed.slice(before).filter((line) => line.includes('forgot'));
  t.deepEqual(lines, [
    `platform.devices -> forgot node-000002 mac=${macOf(2)}, node-000003 mac=${macOf(3)}, ` +
      `node-000004 mac=${macOf(4)}, which never asked for more than an address: ` +
      'more than 80 % of the addresses of this network are taken',
  ]);
});

test('forgetPassersBy() makes room when a machine found no address left', async (t) => {
  const { come, time, registry, publish, store } = await open();
  for (let number = 2; number <= 11; number += 1) await come(number);
  time.now += 2 * MINUTE_US;
  time.steady += 2000;
  publish([{ kind: 'no-address-left', mac: macOf(12), others: 0 }]);
  await store.flush();
  t.is(registry.size, 7);
});

test('forgetPassersBy() keeps who was never more than announced for 30 days', async (t) => {
  const { come, sweep, time, registry, printed } = await open();
  await come(2);
  time.now += 30 * 1440 * MINUTE_US - 10;
  await sweep();
  t.is(registry.size, 1);
  time.now += 20;
  await sweep();
  t.is(registry.size, 0);
  t.regex(printed.at(-1) ?? '', /forgot node-000002 .*: nothing was heard of them for 30 days$/);
});

test('forgetPassersBy() leaves a device alone that got a file in the same moment', async (t) => {
  const { come, sweep, time, registry } = await open();
  await come(2);
  time.now += 31 * 1440 * MINUTE_US;
  const noted = registry.change(macOf(2), (now) => now && { ...now, firstFile: time.now });
  await Promise.all([noted, sweep()]);
  t.truthy(registry.byMac(macOf(2)));
});
