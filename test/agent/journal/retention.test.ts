import test from 'ava';
import { Retention } from '../../../agent/journal/retention.ts';
import { openRecords } from '../../support/records.ts';

test('Retention.trim() deletes the oldest lines of devices where the log is too large', async (t) => {
  const { store, clock } = await openRecords();
  const say = (issuer: string, line: string) => ({ at: 1, issuer, stream: 's', line });
  const many = Array.from({ length: 40 }, () => say('pc-1', 'x'.repeat(16_000)));
  await store.logs.appendAll([say('walt-server', 'kept')]).written;
  for (let count = 0; count < 50; count += 1) await store.logs.appendAll(many).written;
  await store.logs.appendAll([say('pc-1', 'newest'), say('walt-server', 'kept too')]).written;
  const retention = (maxMegabytes: number) =>
    new Retention({ records: store.logs, keepDays: () => 90, maxMegabytes, clock, now: () => 0 });
  t.is(await retention(100).trim(), 0);
  t.true((await retention(16).trim()) > 0);
  t.is(await retention(16).trim(), 0);
  const [newest] = (await store.logs.read({ limit: 2, last: true })).map(({ line }) => line);
  t.is(newest, 'newest');
  const left = await store.logs.read({ limit: 10_000 });
  const server = left.filter(({ issuer }) => issuer === 'walt-server');
  t.deepEqual(
    server.map(({ line }) => line),
    ['kept', 'kept too'],
  );
});

test('Retention.prune() keeps some streams for longer, and others for less', async (t) => {
  const day = 86_400_000_000;
  const now = 1000 * day;
  const { store } = await openRecords();
  const streams = ['s', 'netconsole', 'results.a', 'results.b', 'resultsb', 'platform.nodes'];
  for (const age of [400, 100, 10, 1]) {
    const lines = streams.map((stream) => {
      return { at: now - age * day, issuer: 'pc-1', stream, line: `${age}` };
    });
    await store.logs.appendAll(lines).written;
  }
  const keepDaysOf = { 'results.a': 5, 'results.*': 365, netconsole: 7 };
  const retention = new Retention({
    ...{ records: store.logs, keepDays: () => 90, keepDaysOf, maxMegabytes: 100 },
    ...{ clock: () => now, now: () => 0 },
  });
  await retention.prune();
  const left = await store.logs.read({ limit: 100 });
  const agesOf = (stream: string) =>
    left.filter((log) => log.stream === stream).map(({ line }) => line);
  t.deepEqual(streams.map(agesOf), [
    ['10', '1'],
    ['1'],
    ['1'],
    ['100', '10', '1'],
    ['10', '1'],
    ['10', '1'],
  ]);
});

test('Retention.trim() ends where only lines of the server are left', async (t) => {
  const { store, clock } = await openRecords();
  const line = { at: 1, issuer: 'walt-server', stream: 's', line: 'x' };
  await store.logs.appendAll([line, line]).written;
  const options = { records: store.logs, keepDays: () => 90, maxMegabytes: 0, clock, now: () => 0 };
  t.is(await new Retention(options).trim(), 0);
  t.is((await store.logs.read({ limit: 10 })).length, 2);
});

test('Retention.trimStreams() deletes the oldest lines of streams that have too much, and no others', async (t) => {
  const { store, clock } = await openRecords();
  const streams = ['results.a', 'results.b', 'netconsole', 'other', 'platform.nodes'];
  for (let count = 0; count < 1000; count += 1) {
    const said = streams.map((stream) => {
      return { at: 1, issuer: `pc-${count % 3}`, stream, line: `${count} ${'é'.repeat(500)}` };
    });
    await store.logs.appendAll(said).written;
  }
  const maxMegabytesOf = { 'results.a': 1, 'results.*': 0.3, netconsole: 0.6, nothing: 1 };
  const retention = new Retention({
    ...{ records: store.logs, keepDays: () => 90, maxMegabytes: 1000, maxMegabytesOf, clock },
    now: () => 0,
  });
  const numbersOf = async (stream: string) =>
    (await store.logs.read({ streams: [stream], limit: 10_000 })).map(({ line }) =>
      Number(line.split(' ')[0]),
    );
  for (let run = 0; run < 2; run += 1) await retention.trimStreams();
  const kept = await Promise.all(streams.map(numbersOf));
  t.deepEqual(
    kept.map((numbers) => numbers.length),
    // About 1100 bytes each; some are deleted at once.
    [500, 0, 500, 1000, 1000],
  );
  for (const numbers of kept) t.is(numbers.at(-1) ?? 999, 999);
  // What deletes lines otherwise is counted too.
  await store.logs.deleteBefore(2, 3, { of: 'netconsole', except: [] });
  const line = { at: 1, issuer: 'pc-1', stream: 'netconsole', line: 'x'.repeat(1000) };
  await store.logs.appendAll(Array.from({ length: 400 }, () => line)).written;
  await retention.trimStreams();
  t.is((await numbersOf('netconsole')).length, 400);
});
