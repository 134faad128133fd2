import { join } from 'node:path';
import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { startOfDaysAgo } from '../../../agent/journal/retention.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const mac = '52:54:00:f2:67:82';
const image = 'waltplatform/pc-x86-64-default:latest';

const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const file: BootSignal = {
  kind: 'file',
  path: 'kernel',
  via: 'tftp',
  bytes: 8_000_000,
  ms: 900,
  retries: 2,
  outcome: 'complete',
};
const booted: BootSignal = { kind: 'booted' };

async function open(databaseFile?: string) {
  const records = await openRecords(databaseFile, { 'pc-x86-64': image });
  await records.detection.see({ mac, ip: '192.168.152.2', model: 'pc-x86-64' });
  const signal = (signal: BootSignal) => records.publish([{ kind: 'signal', mac, signal }]);
  return { ...records, signal };
}

test('Journal records the stages of a boot with their facts', async (t) => {
  const { signal, boots } = await open();
  for (const one of [discover, file, { kind: 'mounted' } as const, booted]) signal(one);
  const stages = await boots.stagesOf(mac);
  t.deepEqual(
    stages.map(({ stage }) => stage),
    ['dhcp', 'file', 'mounted', 'booted'],
  );
  t.like(stages[1]?.detail, { path: 'kernel', via: 'tftp', bytes: 8_000_000, ms: 900, retries: 2 });
  t.true(stages.every(({ at }, index) => Number(at) > Number(stages[index - 1]?.at ?? 0)));
});

test('Journal says in the log when a node is booted and when it is down, once each', async (t) => {
  const { signal, printed } = await open();
  for (const one of [discover, file, booted, booted]) signal(one);
  signal({ kind: 'down', cause: 'reboot requested', method: 'soft' });
  t.deepEqual(printed, [
    'platform.nodes -> node node-f26782 is booted',
    'platform.nodes -> node node-f26782 is down (cause: reboot requested, method: soft)',
  ]);
});

test('Journal notices a node that was cut off when its loader asks again', async (t) => {
  const { signal, printed } = await open();
  for (const one of [discover, file, booted, discover]) signal(one);
  t.regex(printed.at(-1) ?? '', /node node-f26782 is down .*method: dhcp/);
});

test('Journal keeps the state of boots over a restart', async (t) => {
  const databaseFile = join(await temporaryFolder(t), 'walt.db');
  const first = await open(databaseFile);
  for (const one of [discover, file, booted]) first.signal(one);
  await first.store.close();
  const { boots, signal, printed } = await open(databaseFile);
  t.is(boots.statusOf(mac).state, 'unconfirmed');
  signal(booted);
  t.is(boots.statusOf(mac).state, 'booted');
  t.deepEqual(printed, [], 'a node that comes back has not booted again');
  t.is((await boots.stagesOf(mac)).length, 3);
});

test('BootBook keeps the last 20 boots of a node', async (t) => {
  const { signal, database, writes } = await open();
  for (let count = 0; count < 30; count += 1) {
    signal(discover);
    signal(file);
  }
  await writes.flush();
  t.is((await database.selectFrom('boots').selectAll().execute()).length, 20);
  const stages = await database.selectFrom('boot_stages').selectAll().execute();
  t.is(stages.length, 40);
});

test('LogReader.follow() gives the past and then the present, without gap or repeat', async (t) => {
  const { publish, logs } = await open();
  const problem = (message: string) => publish([{ kind: 'problem', source: 'test', message }]);
  problem('one');
  const gone = new AbortController();
  const lines: string[] = [];
  const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
  for await (const page of logs.follow(gone.signal, span)) {
    lines.push(...page.map(({ line }) => line));
    if (lines.length === 1) {
      problem('two');
      problem('three');
    }
    if (lines.length >= 3) gone.abort();
  }
  t.deepEqual(lines, ['one', 'two', 'three']);
});

test('LogReader.history() pages through everything of a span', async (t) => {
  const { publish, logs } = await open();
  for (let count = 0; count < 2500; count += 1) {
    publish([{ kind: 'problem', source: 'test', message: `line ${count}` }]);
  }
  const lines: string[] = [];
  for await (const page of logs.history({ from: 0, to: Number.MAX_SAFE_INTEGER })) {
    lines.push(...page.map(({ line }) => line));
  }
  t.is(lines.length, 2500);
  t.is(lines[2499], 'line 2499');
});

test('startOfDaysAgo() and deleteBefore() delete old lines only', async (t) => {
  const { publish, store, logs, database } = await open();
  publish([{ kind: 'problem', source: 'test', message: 'recent' }]);
  const at = -90 * 86_400_000_000;
  await store.logs.append({ at, issuer: 'x', stream: 's', line: 'old' }).written;
  await store.logs.deleteBefore(startOfDaysAgo(30, 1_000_000), 1_000_000);
  t.is((await database.selectFrom('logs').selectAll().execute()).length, 1);
  for await (const [log] of logs.history({ from: 0, to: 1e15 })) t.is(log?.line, 'recent');
});

test('Journal.write() keeps what others say in their line, on the screen and for who follows', async (t) => {
  const { publish, printed, journal } = await open();
  const followed: string[] = [];
  journal.follow(({ line }) => followed.push(line));
  const path = 'x\r\nplatform.nodes -> node a is booted\x1b[2J\u2028';
  const shown = 'x\\r\\nplatform.nodes -> node a is booted\\u001b[2J\\u2028';
  publish([{ kind: 'refused-file', from: '192.168.152.9', path, reason: 'no\nsuch file' }]);
  const line = `refused '${shown}' to 192.168.152.9: no\\nsuch file`;
  t.is(printed.at(-1), `platform.files -> ${line}`);
  t.deepEqual(followed, [line]);
});
