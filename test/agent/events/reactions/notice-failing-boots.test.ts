import { join } from 'node:path';
import test from 'ava';
import type { BootSignal } from '../../../../agent/boot/progress.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const node = nodeNamed('pc', { ip: '192.168.152.2' });
const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const file: BootSignal = {
  ...{ kind: 'file', path: 'kernel', via: 'tftp', bytes: 1, ms: 1, retries: 0 },
  outcome: 'aborted',
};
const booted: BootSignal = { kind: 'booted' };

type Records = Awaited<ReturnType<typeof openRecords>>;

async function signal({ publish, store }: Records, ...signals: BootSignal[]): Promise<void> {
  publish(signals.map((one) => ({ kind: 'signal', mac: node.mac, signal: one })));
  await store.flush();
}

/** A boot that is cut off while it loads files. */
async function fail(records: Records, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await signal(records, discover, file);
}

/** The numbers of the boots with which the log said that it does not come up. */
async function said({ store }: Records): Promise<number[]> {
  const lines = await store.logs.read({ limit: 1000, stream: 'platform.nodes' });
  const found = lines.map(({ line }) =>
    /^node pc does not come up: this is boot (\d+) /.exec(line),
  );
  return found.filter((match) => match !== null).map((match) => Number(match[1]));
}

/** What was published meanwhile is in the log: reading takes turns of its own. */
async function settled(records: Records, mac = node.mac): Promise<void> {
  await records.boots.failuresOf(mac);
  await records.store.flush();
}

test('a node that does not come up is said with the fourth boot, then now and then', async (t) => {
  const records = await openRecords();
  await put(records.registry, node);
  await fail(records, 3);
  await settled(records);
  t.deepEqual(await said(records), []);
  t.is(await records.boots.failuresOf(node.mac), undefined);
  for (let boot = 4; boot <= 31; boot += 1) {
    await fail(records, 1);
    await settled(records);
  }
  t.deepEqual(await said(records), [4, 10, 30]);
  t.true(
    records.printed.includes(
      'platform.nodes -> node pc does not come up: this is boot 4 in a row; each of the last 3 ended while it loaded ' +
        'files (last asked for kernel by tftp: aborted)',
    ),
    records.printed.join('\n'),
  );
});

test('a node that comes up is counted anew', async (t) => {
  const records = await openRecords();
  await put(records.registry, node);
  await fail(records, 3);
  await signal(records, discover, file, booted);
  await fail(records, 3);
  await settled(records);
  t.deepEqual(await said(records), []);
  await fail(records, 1);
  await settled(records);
  t.deepEqual(await said(records), [4]);
  await signal(records, booted);
  t.is(await records.boots.failuresOf(node.mac), undefined);
});

test('boots that failed are counted over a restart of the server', async (t) => {
  const database = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(database);
  await put(first.registry, node);
  await fail(first, 3);
  await first.store.close();
  const second = await openRecords(database);
  await fail(second, 1);
  await settled(second);
  t.deepEqual(await said(second), [4]);
  t.regex((await second.boots.failuresOf(node.mac)) ?? '', /each of the last 3 ended while/);
  await signal(second, booted);
  await second.store.close();
  const third = await openRecords(database);
  await fail(third, 3);
  await settled(third);
  t.deepEqual(await said(third), [4]);
  await third.store.close();
});

test('more boots than the store keeps are counted', async (t) => {
  const database = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(database);
  await put(first.registry, node);
  await fail(first, 29);
  await first.store.close();
  const second = await openRecords(database);
  await fail(second, 1);
  await settled(second);
  t.true((await said(second)).includes(30));
  await second.store.close();
});

test('the boots before a node was last up are no part of the reason', async (t) => {
  const records = await openRecords();
  await put(records.registry, node);
  await signal(records, discover, file, booted);
  await fail(records, 4);
  t.regex((await records.boots.failuresOf(node.mac)) ?? '', /boot 4 in a row; each of the last 3/);
});

test('a device that is no node is not said to fail', async (t) => {
  const records = await openRecords();
  const { image: _image, ...device } = node;
  await put(records.registry, { ...device, type: 'unknown' });
  await fail(records, 5);
  await settled(records);
  t.deepEqual(await said(records), []);
});
