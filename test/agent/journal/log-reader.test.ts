import test from 'ava';
import { LogReader, PAGE } from '../../../agent/journal/log-reader.ts';
import type { StoredLog } from '../../../agent/store/records/logs.ts';
import { collectGarbage, countAlive } from '../../support/process/collect-garbage.ts';
import { openRecords } from '../../support/records.ts';

const MANY = 100_000;

/** Five lines in three streams; times are ids times ten. */
async function fiveLines() {
  const records = await openRecords();
  const streams = ['platform.nodes', 'daemon.nfs', 'platform.devices', 'platform.nodes', 'daemon'];
  for (const [index, stream] of streams.entries()) {
    const id = index + 1;
    const line = { at: id * 10, issuer: 'walt-server', stream, line: `line ${id}` };
    await records.store.logs.append(line).written;
  }
  return records;
}

const selections: readonly (readonly [Parameters<LogReader['history']>[0], number[]])[] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ from: 20, to: 40 }, [2, 3, 4]],
  [{ from: 21 }, [3, 4, 5]],
  [{ to: 0 }, []],
  [{ after: 2 }, [3, 4, 5]],
  [{ before: 3 }, [1, 2]],
  [{ after: 1, before: 4, to: 20 }, [2]],
  [{ stream: 'platform.' }, [1, 3, 4]],
  [{ stream: 'daemon.' }, [2]],
  [{ stream: 'daemon' }, [2, 5]],
  [{ stream: 'platform.nodes' }, [1, 4]],
  [{ stream: '%' }, []],
  [{ last: 2 }, [4, 5]],
  [{ last: 100 }, [1, 2, 3, 4, 5]],
  [{ last: 1, before: 5, stream: 'platform.' }, [4]],
  [{ last: 2, stream: 'platform.' }, [3, 4]],
  [{ streams: ['daemon', 'daemon.nfs'] }, [2, 5]],
  [{ streams: ['daemon'], last: 1 }, [5]],
  [{ streams: ['platform.nodes', 'daemon'], last: 2 }, [4, 5]],
  [{ streams: ['platform.nodes'], from: 11, to: 60 }, [4]],
  [{ streams: [''] }, []],
  [{ issuers: ['walt-server'], after: 3 }, [4, 5]],
  [{ issuers: ['pc-1'] }, []],
  [{ from: 20, before: 4 }, [2, 3]],
  [{ from: 30, to: 30, last: 5 }, [3]],
  [{ from: 1000 }, []],
  [{ lineMatches: '[24]$' }, [2, 4]],
  [{ lineMatches: '[24]$', last: 1 }, [4]],
  [{ lineMatches: '[24]$', last: 1, before: 4 }, [2]],
  [{ lineMatches: '[24]$', last: 9, from: 30 }, [4]],
  [{ lineMatches: 'platform' }, []],
  [{ lineMatches: '.', last: 2, from: 1000 }, []],
  [{ streamMatches: 'nodes|^daemon$' }, [1, 4, 5]],
  [{ streamMatches: 'nodes|^daemon$', last: 2 }, [4, 5]],
  [{ streamMatches: 'nodes', lineMatches: '4' }, [4]],
  [{ streamMatches: 'nfs', streams: ['daemon'] }, []],
  [{ streamMatches: 'daemon', streams: ['daemon'] }, [5]],
  [{ streamMatches: 'nothing' }, []],
  [{ exceptStreams: ['platform.nodes'] }, [2, 3, 5]],
  [{ exceptStreams: ['platform.nodes'], last: 2 }, [3, 5]],
  [{ exceptStreams: ['platform.nodes'], stream: 'platform.' }, [3]],
  [{ exceptStreams: ['platform.nodes'], issuers: ['walt-server'], after: 2 }, [3, 5]],
  [{ exceptStreams: ['daemon'], streamMatches: 'daemon' }, [2]],
  [{ exceptStreams: ['daemon'], lineMatches: '[45]', last: 3 }, [4]],
];

for (const [selection, ids] of selections) {
  test(`LogReader.history() of ${JSON.stringify(selection)} has lines ${ids}`, async (t) => {
    const { logs } = await fiveLines();
    const found: number[] = [];
    for await (const page of logs.history(selection)) found.push(...page.map(({ id }) => id));
    t.deepEqual(found, ids);
  });
}

for (const [past, ids] of [
  [{}, [6]],
  [{ stream: 'platform.' }, [6]],
  [{ stream: 'daemon.' }, []],
  [{ after: 3 }, [4, 5, 6]],
  [{ after: 0, stream: 'platform.nodes' }, [1, 4]],
  [{ to: 10 }, [1, 6]],
  [{ last: 1 }, [5, 6]],
  [{ issuers: ['x'] }, [6]],
  [{ issuers: ['walt-server'], after: 3 }, [4, 5]],
  [{ streams: ['platform.images', 'daemon'], after: 0 }, [5, 6]],
  [{ streamMatches: 'images' }, [6]],
  [{ streamMatches: 'nodes|images', after: 0 }, [1, 4, 6]],
  [{ lineMatches: '[3w]$', after: 0 }, [3, 6]],
  [{ lineMatches: '3$', after: 0 }, [3]],
  [{ lineMatches: '.', last: 1 }, [5, 6]],
] as const) {
  test(`LogReader.follow() of ${JSON.stringify(past)} has lines ${ids}`, async (t) => {
    const { store, matcherOf } = await fiveLines();
    const following = Promise.withResolvers<(log: StoredLog) => void>();
    const gone = new AbortController();
    const journal = {
      follow: (follower: (log: StoredLog) => void) => {
        following.resolve(follower);
        return () => undefined;
      },
    };
    const reader = new LogReader({ store, journal, matcherOf });
    const found: number[] = [];
    const reading = (async () => {
      for await (const page of reader.follow(gone.signal, past)) {
        found.push(...page.map(({ id }) => id));
      }
    })();
    const follower = await following.promise;
    const line = { at: 60, issuer: 'x', stream: 'platform.images', line: 'new' };
    const { log, written } = store.logs.append(line);
    await written;
    follower(log);
    while (found.length < ids.length) await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    gone.abort();
    await reading;
    t.deepEqual(found, [...ids]);
  });
}

test('LogReader.follow() holds few lines for a follower that does not read, and misses none', async (t) => {
  const { journal, publish, logs, writes } = await openRecords();
  const held: WeakRef<StoredLog>[] = [];
  journal.follow((log) => held.push(new WeakRef(log)));
  const gone = new AbortController();
  const pages = logs.follow(gone.signal);
  const problem = (count: number) =>
    publish([{ kind: 'problem', source: 'test', message: `line ${count}` }]);
  const first = pages.next();
  while (held.length === 0 || (await Promise.race([first, 'waiting'])) === 'waiting') {
    problem(0);
    await new Promise(setImmediate);
  }
  const { value } = await first;
  const before = value?.at(-1)?.id ?? 0;
  for (let count = 1; count <= MANY; count += 1) problem(count);
  await writes.flush();
  await new Promise(setImmediate);
  collectGarbage();
  const alive = countAlive(held);
  t.true(alive <= 2 * PAGE, `${alive} lines are in memory`);

  let last = before;
  let count = 0;
  for await (const page of pages) {
    t.true(page.length <= PAGE);
    for (const { id } of page) {
      if (id !== last + 1) t.fail(`${id} follows ${last}`);
      last = id;
    }
    count += page.length;
    if (count >= MANY) gone.abort();
  }
  t.is(last, held.length);
});

test('LogReader.follow() gives a line when it is on disk, so that its id is not given again', async (t) => {
  const { publish, logs, store } = await openRecords();
  const gone = new AbortController();
  const pages = logs.follow(gone.signal, { after: 0 });
  publish([{ kind: 'problem', source: 'test', message: 'one' }]);
  for (const expected of [1, 2, 3]) {
    const { value } = await pages.next();
    t.is(value?.at(-1)?.id, expected);
    const [stored] = await store.logs.read({ limit: 1, last: true });
    t.is(stored?.id, expected);
    publish([{ kind: 'problem', source: 'test', message: 'next' }]);
  }
  gone.abort();
  await pages.return(undefined);
});

test('LogReader.history() finds rare lines of a long log, the last of them from its end', async (t) => {
  const { store, logs } = await openRecords();
  const said = Array.from({ length: 12_000 }, (_, index) => ({
    ...{ at: index, issuer: 'x', stream: 's' },
    line: index % 4000 === 7 ? 'rare' : 'often',
  }));
  await store.logs.appendAll(said).written;
  for (const [past, ids] of [
    [{ lineMatches: '^rare' }, [8, 4008, 8008]],
    [{ lineMatches: '^rare', last: 2 }, [4008, 8008]],
    [{ lineMatches: '^rare', last: 9, to: 5000 }, [8, 4008]],
  ] as const) {
    const found: number[] = [];
    for await (const page of logs.history(past)) found.push(...page.map(({ id }) => id));
    t.deepEqual(found, [...ids]);
  }
});

test('LogReader.history() finds what is far apart in a flood of a stream that is not wanted', async (t) => {
  const { store, logs } = await openRecords();
  const said = Array.from({ length: 30_000 }, (_, index) => ({
    ...{ at: index, issuer: 'x', line: 'one' },
    stream: index % 12_000 === 7 ? 'wanted' : 'flood',
  }));
  await store.logs.appendAll(said).written;
  for (const [past, ids] of [
    [{}, [8, 12_008, 24_008]],
    [{ last: 1 }, [24_008]],
    [{ last: 2 }, [12_008, 24_008]],
    [{ last: 9, before: 24_008 }, [8, 12_008]],
    [{ after: 8 }, [12_008, 24_008]],
  ] as const) {
    const found: number[] = [];
    for await (const page of logs.history({ ...past, exceptStreams: ['flood'] })) {
      found.push(...page.map(({ id }) => id));
    }
    t.deepEqual(found, [...ids], JSON.stringify(past));
  }
});

test('LogReader.history() searches no further when its caller has gone', async (t) => {
  const { store, journal } = await openRecords();
  const lines = Array.from({ length: 5 * PAGE }, (_, at) => ({ at, issuer: 'x', stream: 's' }));
  await store.logs.appendAll(lines.map((one) => ({ ...one, line: 'often' }))).written;
  const gone = new AbortController();
  let asked = 0;
  const matcherOf = () => async (texts: readonly string[]) => {
    asked += 1;
    gone.abort();
    return texts.map(() => false);
  };
  for (const past of [{}, { last: 1 }]) {
    const reader = new LogReader({ store, journal, matcherOf });
    for await (const page of reader.history({ ...past, lineMatches: 'x' }, gone.signal)) {
      t.deepEqual(page, []);
    }
  }
  t.true(asked <= 1, `${asked} pages were searched`);
});
