import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { awaitReturn } from '../../../agent/boots/returned.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const signals: BootSignal[] = [
  { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' },
  { kind: 'booted' },
];

/** Two nodes that were booted, and one that was about to, when the server was stopped and started again. */
async function restart(t: ExecutionContext) {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(file);
  for (const [index, name] of ['here', 'gone', 'loading'].entries()) {
    const mac = `52:54:00:00:00:0${index}`;
    const node = { mac, ip: `192.168.152.1${index}`, name, type: 'node', firstSeen: 1 } as const;
    await put(first.registry, { ...node, model: 'pc-x86-64', image: 'a/b:latest', root: 'k' });
    const seen = name === 'loading' ? signals.slice(0, 1) : signals;
    first.publish(seen.map((signal) => ({ kind: 'signal', mac, signal })));
  }
  await first.store.close();
  const second = await openRecords(file);
  t.teardown(() => second.store.close());
  const stateOf = (name: string) =>
    second.boots.statusOf(second.registry.byName(name)?.mac ?? '').state;
  return { ...second, stateOf };
}

test('BootBook takes no node for booted after a restart until it says so', async (t) => {
  const { stateOf } = await restart(t);
  t.is(stateOf('here'), 'unconfirmed');
  t.is(stateOf('gone'), 'unconfirmed');
  t.is(stateOf('loading'), 'dhcp');
});

test('awaitReturn() takes a node for down that does not say in time that it still runs, and only that', async (t) => {
  const { publish, boots, registry, stateOf, printed } = await restart(t);
  t.teardown(awaitReturn(boots, publish, 20));
  const mac = registry.byName('here')?.mac ?? '';
  publish([{ kind: 'signal', mac, signal: { kind: 'booted' } }]);
  for (let tries = 0; tries < 500 && printed.length === 0; tries += 1) await sleep(5);
  t.deepEqual(printed, [
    'platform.nodes -> node gone is down (cause: it was gone when the server came back, method: server-detected)',
  ]);
  t.deepEqual([stateOf('here'), stateOf('gone'), stateOf('loading')], ['booted', 'down', 'dhcp']);
});

test('awaitReturn() says nothing after its end', async (t) => {
  const { publish, boots, stateOf } = await restart(t);
  awaitReturn(boots, publish, 5)();
  await sleep(30);
  t.is(stateOf('gone'), 'unconfirmed');
});
