import test from 'ava';
import type { BootSignal } from '../../../../agent/boot/progress.ts';
import { followExports } from '../../../../agent/events/reactions/follow/follow-exports.ts';
import { noteFirstFiles } from '../../../../agent/events/reactions/note-first-files.ts';
import { nfsExports } from '../../../../agent/nfs/node-exports.ts';
import { openRecords } from '../../../support/records.ts';

const mac = '52:54:00:f2:67:82';
const file = {
  kind: 'file',
  path: 'start.ipxe',
  via: 'tftp',
  bytes: 1,
  ms: 1,
  retries: 0,
} as const;

async function open() {
  const records = await openRecords(':memory:', { 'pc-x86-64': 'waltplatform/a:latest' });
  noteFirstFiles(records.publisher, records.registry);
  const exported: string[] = [];
  followExports(records.publisher, async () => {
    exported.push(
      nfsExports(records.registry, (key) => key)
        .map(({ ip }) => ip)
        .join(),
    );
  });
  await records.detection.see({ mac, ip: '192.168.152.2', model: 'pc-x86-64' });
  const say = async (...signals: BootSignal[]) => {
    records.publish(signals.map((signal) => ({ kind: 'signal', mac, signal })));
    await records.store.flush();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ...records, exported, say };
}

for (const [title, signal, isNoted] of [
  ['a file', { ...file, outcome: 'complete' }, true],
  ['a file that it did not take', { ...file, outcome: 'timeout' }, false],
  ['an address', { kind: 'dhcp', speaker: 'walt-loader', message: 'request' }, false],
  ['the word that it is up', { kind: 'booted' }, true],
] as const satisfies readonly (readonly [string, BootSignal, boolean])[]) {
  test(`noteFirstFiles() gives a node ${isNoted ? 'its' : 'no'} export for ${title}`, async (t) => {
    const { say, exported, registry } = await open();
    t.deepEqual(exported, [], 'none for who is only known');
    await say(signal);
    t.deepEqual(exported, isNoted ? ['192.168.152.2'] : []);
    t.is(registry.byMac(mac)?.firstFile !== undefined, isNoted);
  });
}

test('noteFirstFiles() keeps the first of several times, also on disk', async (t) => {
  const { say, registry, store, exported } = await open();
  await say({ ...file, outcome: 'complete' });
  const first = registry.byMac(mac)?.firstFile;
  await say({ ...file, outcome: 'complete' }, { kind: 'booted' });
  t.is(registry.byMac(mac)?.firstFile, first);
  t.is((await store.devices.all())[0]?.firstFile, first);
  t.is(exported.length, 1);
});
