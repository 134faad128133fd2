import { join } from 'node:path';
import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { BootBook } from '../../../agent/boots/boot-book.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const file = (path: string): BootSignal => ({
  ...{ kind: 'file', path, via: 'tftp', bytes: 1, ms: 1, retries: 0, outcome: 'complete' },
});
const booted: BootSignal = { kind: 'booted' };
const node = nodeNamed('pc', { ip: '192.168.152.2' });

test('BootBook writes a boot that a full disk did not take with its next signal, and complains once', async (t) => {
  const databaseFile = join(await temporaryFolder(t), 'walt.db');
  const { registry, store, clock } = await openRecords(databaseFile);
  await put(registry, node);
  const problems: string[] = [];
  let isFull = true;
  const records: typeof store.boots = {
    ...store.boots,
    begin: (boot) => {
      if (!isFull) return store.boots.begin(boot);
      return { id: 1000, written: Promise.reject(new Error('disk full')) };
    },
  };
  const onProblem = (reason: unknown) => problems.push((reason as Error).message);
  const boots = new BootBook({ records, clock, onProblem });
  for (const signal of [discover, file('start.ipxe')]) boots.record(node.mac, signal, clock());
  await store.flush();
  t.deepEqual(problems, ['disk full']);
  isFull = false;
  for (const signal of [file('kernel'), booted]) boots.record(node.mac, signal, clock());
  t.deepEqual(
    (await boots.stagesOf(node.mac)).map(({ stage }) => stage),
    ['file', 'booted'],
  );
  await store.close();
  const after = await openRecords(databaseFile);
  t.is(after.boots.statusOf(node.mac).state, 'unconfirmed');
  await after.store.close();
});

test('BootBook takes a node for booted that says so, though nobody saw its boot', async (t) => {
  const { registry, publish, boots, printed } = await openRecords();
  await put(registry, node);
  publish([{ kind: 'signal', mac: node.mac, signal: booted }]);
  t.is(boots.statusOf(node.mac).state, 'booted');
  t.deepEqual(printed, ['platform.nodes -> node pc is booted']);
});

test('BootBook writes that a node is up behind ever so many files', async (t) => {
  const databaseFile = join(await temporaryFolder(t), 'walt.db');
  const { registry, store, publish } = await openRecords(databaseFile);
  await put(registry, node);
  const files = Array.from({ length: 400 }, (_, index) => file(`file-${index}`));
  for (const signal of [discover, ...files, booted]) {
    publish([{ kind: 'signal', mac: node.mac, signal }]);
  }
  await store.close();
  const after = await openRecords(databaseFile);
  t.is(after.boots.statusOf(node.mac).state, 'unconfirmed');
  t.is((await after.boots.stagesOf(node.mac)).length, 301);
  await after.store.close();
});

test('ids of boots and log lines are never given twice, also when all rows are gone', async (t) => {
  const databaseFile = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(databaseFile);
  await put(first.registry, node);
  const line = { at: 1, issuer: 'x', stream: 's', line: 'one' };
  await first.store.logs.append(line).written;
  const boot = first.store.boots.begin({ mac: node.mac, started: 1, state: 'dhcp', attempt: 1 });
  await boot.written;
  await first.store.logs.deleteBefore(2, 3);
  await first.registry.change(node.mac, () => undefined);
  await first.store.close();
  const second = await openRecords(databaseFile);
  t.is(second.store.logs.append(line).log.id, 2);
  await put(second.registry, node);
  t.is(
    second.store.boots.begin({ mac: node.mac, started: 1, state: 'dhcp', attempt: 1 }).id,
    boot.id + 1,
  );
  await second.store.close();
});

test('BootBook writes which model and image a boot loads, and keeps that once its root is mounted', async (t) => {
  const { registry, store, publish, boots } = await openRecords();
  await put(registry, node);
  const say = (signal: BootSignal) => publish([{ kind: 'signal', mac: node.mac, signal }]);
  const model = node.model ?? '';
  const content = { model, image: 'sha256:later' };
  say(discover);
  await put(registry, { ...node, root: 'sha256:later' });
  say(file('kernel'));
  say({ kind: 'mounted' });
  await put(registry, { ...node, root: 'sha256:next' });
  say(booted);
  const [last] = await boots.lastOf(node.mac, 10);
  t.like(last, { ...content, state: 'booted', attempt: 0 });
  t.is(last?.stages.length, 4);
  t.is((await store.boots.good(content, 20)).length, 1);
  t.is((await store.boots.good({ model }, 20)).length, 1);
  t.is((await store.boots.good({ ...content, image: 'sha256:next' }, 20)).length, 0);
  await store.close();
});
