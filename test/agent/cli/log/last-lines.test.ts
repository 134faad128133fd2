import test from 'ava';
import type { LogView } from '../../../../agent/api/calls/logs.ts';
import { createClient } from '../../../../agent/cli/client.ts';
import { lastId, lastLines } from '../../../../agent/cli/log/last-lines.ts';
import { startTestPlatform } from '../test-platform.ts';

const { signal } = new AbortController();

/** A server with so many lines, and a client that counts those that it fetches. */
async function serverWith(lines: number) {
  const platform = await startTestPlatform();
  const events = Array.from({ length: lines }, (_, index) => ({
    kind: 'problem' as const,
    source: index % 500 === 0 ? 'rare' : 'often',
    message: `line ${index + 1}`,
  }));
  platform.publish(events);
  const asking = createClient({ socket: platform.socket, user: 'alice', signal });
  let fetched = 0;
  const client: Pick<typeof asking, 'lines'> = {
    lines: async function* (name, ...asked) {
      for await (const line of asking.lines(name, ...asked)) {
        fetched += 1;
        yield line;
      }
    },
  };
  return { platform, client, fetched: () => fetched };
}

test('lastLines() fetches no more of a long log than it gives', async (t) => {
  const { platform, client, fetched } = await serverWith(30_000);
  t.teardown(platform.close);
  const { lines, hasMore } = await lastLines(client, { most: 100 });
  t.deepEqual([lines.length, lines[0]?.id, lines.at(-1)?.id], [100, 29_901, 30_000]);
  t.true(hasMore);
  t.is(fetched(), 101);
  t.is(await lastId(client), 30_000);
  t.is(fetched(), 102);
});

test('lastLines() looks backwards for what the server does not select, page by page', async (t) => {
  const { platform, client, fetched } = await serverWith(30_000);
  t.teardown(platform.close);
  const keep = (logs: readonly LogView[]) => logs.filter(({ stream }) => stream === 'daemon.rare');
  const some = await lastLines(client, { most: 3, keep });
  t.deepEqual([some.lines.map(({ id }) => id), some.hasMore], [[28_501, 29_001, 29_501], true]);
  t.true(fetched() <= 4000);
  const all = await lastLines(client, { most: 1000, keep });
  t.deepEqual([all.lines.length, all.lines[0]?.id, all.hasMore], [60, 1, false]);
  const few = await lastLines(client, { most: 100, past: { stream: 'daemon.rare' } });
  t.deepEqual([few.lines.length, few.hasMore], [60, false]);
});

test('lastLines() and lastId() of an empty log', async (t) => {
  const { platform, client } = await serverWith(0);
  t.teardown(platform.close);
  t.deepEqual(await lastLines(client, { most: 100 }), { lines: [], hasMore: false });
  t.is(await lastId(client), 0);
});
