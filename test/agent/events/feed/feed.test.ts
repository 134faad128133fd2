// Followers of the events: on the database itself, over restarts and beside a disk that takes nothing.
import { join } from 'node:path';
import test from 'ava';
import { RequestError } from '../../../../agent/errors.ts';
import { EventFeed, type Message } from '../../../../agent/events/feed/feed.ts';
import type { EventRecords } from '../../../../agent/store/records/events.ts';
import { openSqliteStore } from '../../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const { signal } = new AbortController();

function add(feed: EventFeed, from: number, to: number): void {
  for (let count = from; count <= to; count += 1) {
    feed.add({ kind: 'problem', source: 'test', message: String(count) }, 1_000_000);
  }
}

function textOf({ event, data }: Message): string | undefined {
  return event === 'missed' ? 'missed' : data && JSON.parse(data).message;
}

/** Reads until the event with this text came. */
async function until(follower: AsyncGenerator<Message[]>, last: number | string) {
  const got: Message[] = [];
  for (let page = 0; page < 10_000; page += 1) {
    const { value } = await follower.next();
    got.push(...(value ?? []));
    if (got.some((message) => textOf(message) === String(last))) break;
  }
  return got;
}

function textsOf(messages: readonly Message[]): string[] {
  return messages.map(textOf).filter((text) => text !== undefined);
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

test('a follower gets each event once and in order, also those that came while nobody read', async (t) => {
  const { events: records, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const feed = new EventFeed({ records, mostInMemory: 10 }, 1);
  const follower = feed.follow({ signal });
  await follower.next();
  add(feed, 1, 500);
  const first = await until(follower, 300);
  add(feed, 501, 510);
  const rest = await until(follower, 510);
  t.deepEqual(textsOf([...first, ...rest]), numbers(1, 510));
  t.is(new Set([...first, ...rest].map(({ id }) => id)).size, 510);
});

test('who comes again goes on where they were, over a restart of the server and in every position', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const store = await openSqliteStore(file);
  const before = new EventFeed({ records: store.events }, 7);
  const follower = before.follow({ signal });
  const [start] = (await follower.next()).value ?? [];
  add(before, 1, 250);
  const got = await until(follower, 250);
  await store.close();
  const next = await openSqliteStore(file);
  t.teardown(next.close);
  // The clock went back meanwhile.
  const after = new EventFeed({ records: next.events }, 3);
  add(after, 251, 260);
  for (const message of [start, ...got.filter((_, index) => index % 40 === 0), got.at(-1)]) {
    const again = after.follow({ signal, after: message?.id });
    const from = message?.data === undefined ? 1 : Number(textOf(message)) + 1;
    t.deepEqual(textsOf(await until(again, 260)), numbers(from, 260), message?.id);
  }
});

test('what a killed server told but did not write is neither lost nor told again', async (t) => {
  const { events: records, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  add(new EventFeed({ records }, 1), 1, 2);
  const again = new EventFeed({ records }, 2);
  add(again, 5, 6);
  // Event 4 of the first run was told, and its disk lost it.
  t.deepEqual(textsOf(await until(again.follow({ signal, after: '1-4' }), 6)), ['5', '6']);
});

test('who reads too slowly is told what they missed, and goes on', async (t) => {
  const { events: records, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const feed = new EventFeed({ records, most: 100, mostInMemory: 20 }, 1);
  const slow = feed.follow({ signal });
  await slow.next();
  add(feed, 1, 1000);
  while (feed.waiting() > 0) await new Promise((resolve) => setImmediate(resolve));
  const all = await until(slow, 1000);
  const missed = all.find(({ event }) => event === 'missed');
  t.truthy(missed);
  const { from, to } = JSON.parse(missed?.data ?? '{}');
  t.is(missed?.id, to);
  const lost = Number(to.split('-')[1]);
  t.is(from, '1-0');
  t.true(lost >= 800 && lost <= 1000, to);
  t.deepEqual(textsOf(all), ['missed', ...numbers(lost + 1, 1000)]);
});

test('a follower from another server, or from long ago, is told so', async (t) => {
  const { events: records, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const feed = new EventFeed({ records, most: 10, mostInMemory: 5 }, 100);
  add(feed, 1, 50);
  await until(feed.follow({ signal, after: '100-45' }), 50);
  add(feed, 51, 51);
  const old = await until(feed.follow({ signal, after: '3-9' }), 51);
  t.is(textsOf(old)[0], 'missed');
  const foreign = feed.follow({ signal, after: '999999-5' });
  t.deepEqual(textsOf(await until(foreign, 'missed')), ['missed']);
  add(feed, 52, 52);
  t.deepEqual(textsOf(await until(foreign, 52)), ['52']);
  for (const after of ['x', '1', '1-2-3', '-1-2', '99999999999999999-1']) {
    t.throws(() => feed.follow({ signal, after }), { instanceOf: RequestError });
  }
});

test('a disk that takes nothing keeps nobody from following', async (t) => {
  const refusing: EventRecords = {
    lastRun: () => 0,
    append: async ({ number }) => {
      if (number % 3 === 0) throw new Error('disk full');
    },
    read: async () => [],
    first: async () => undefined,
    deleteAllBut: async () => undefined,
  };
  const feed = new EventFeed({ records: refusing, mostInMemory: 10 }, 1);
  const follower = feed.follow({ signal });
  await follower.next();
  add(feed, 1, 9);
  t.deepEqual(textsOf(await until(follower, 9)), numbers(1, 9));
  add(feed, 10, 50);
  t.deepEqual(textsOf(await until(follower, 50)), ['missed', ...numbers(41, 50)]);
});

test('a quiet follower is told that the server is there, and where they are', async (t) => {
  const { events: records, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const feed = new EventFeed({ records, heartbeatMs: 20 }, 1);
  const leaving = new AbortController();
  const follower = feed.follow({ signal: leaving.signal, kinds: new Set(['disk']) });
  t.deepEqual((await follower.next()).value, [{ id: '1-0' }]);
  t.deepEqual((await follower.next()).value, [{}]);
  add(feed, 1, 3);
  const moved = async () => {
    for (let count = 0; count < 100; count += 1) {
      const [message] = (await follower.next()).value ?? [];
      if (message?.id === '1-3') return message;
    }
    return undefined;
  };
  t.deepEqual(await moved(), { id: '1-3' });
  leaving.abort();
  await follower.next();
  t.is((await follower.next()).done, true);
});

test('many short runs leave no more events on disk than one long run', async (t) => {
  const { events: records, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  for (let run = 1; run <= 5; run += 1) add(new EventFeed({ records, most: 10 }, run), 1, 9);
  const left = await records.read({ run: 0, number: 0 }, 100);
  t.true(left.length < 2 * 10, String(left.length));
  t.deepEqual(left.at(-1)?.number, 9);
});
