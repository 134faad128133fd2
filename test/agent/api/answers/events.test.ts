// Followers of /api/v1/events by real connections: 200 of them, one that does not read, and one that comes again.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import test from 'ava';
import { startTestPlatform, type TestPlatform } from '../../cli/test-platform.ts';

const FOLLOWERS = 200;

async function follow(
  { socket }: TestPlatform,
  query = '',
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const path = `/api/v1/events${query}`;
  const asking = get({ socketPath: socket, path, headers, agent: false });
  const [response] = await once(asking, 'response');
  return response;
}

/** Reads until the text was seen. */
async function heardBy(response: IncomingMessage, last: string): Promise<string> {
  let heard = '';
  response.setEncoding('utf8');
  for await (const text of response.iterator({ destroyOnReturn: false })) {
    heard += text;
    if (heard.includes(last)) return heard;
  }
  return heard;
}

function publish({ publish: tell }: TestPlatform, from: number, to: number): void {
  for (let count = from; count <= to; count += 1) {
    tell([{ kind: 'machine-said', node: 'pc-1', text: `says <${count}>` }]);
  }
}

function countsIn(heard: string): number[] {
  return [...heard.matchAll(/"text":"says <(\d+)>"/g)].map(([, count]) => Number(count));
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test('200 followers get the same events, and one who does not read harms none of them', async (t) => {
  t.timeout(120_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const slow = await follow(platform);
  slow.pause();
  const followers = await Promise.all(
    Array.from({ length: FOLLOWERS }, (_, index) =>
      follow(platform, '?types=machine-said', { 'x-walt-user': `user-${index % 4}` }),
    ),
  );
  const heard = followers.map((response) => heardBy(response, '<150>'));
  publish(platform, 1, 150);
  for (const text of await Promise.all(heard)) t.deepEqual(countsIn(text), upTo(150));
  for (const follower of followers) follower.destroy();
  t.deepEqual(countsIn(await heardBy(slow, '<150>')), upTo(150));
  slow.destroy();
});

test('who was cut off goes on with header last-event-id, and an event reads as browsers read it', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const first = await follow(platform);
  t.is(first.headers['content-type'], 'text/event-stream');
  publish(platform, 1, 3);
  const heard = await heardBy(first, '<3>');
  first.destroy();
  const blocks = heard.split('\n\n');
  t.regex(blocks[1] ?? '', /^id: \d+-\d+\nevent: machine-said\ndata: \{"time":"\d{4}-.*Z".*\}$/);
  publish(platform, 4, 6);
  const id = /id: (\d+-\d+)\nevent: machine-said\ndata: [^\n]*<2>/.exec(heard)?.[1] ?? '';
  const again = await follow(platform, '', { 'last-event-id': id });
  t.deepEqual(countsIn(await heardBy(again, '<6>')), upTo(6, 3));
  again.destroy();
});

test('a type that there is not, and an id that never was, are refused in one sentence', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  for (const [query, headers, wrong] of [
    ['?types=boot,nothing', {}, /there is no type 'nothing', expected some of .*boot/],
    ['', { 'last-event-id': 'none' }, /Cannot go on behind event 'none'/],
  ] as const) {
    const response = await follow(platform, query, headers);
    t.is(response.statusCode, 400);
    const { error, code } = JSON.parse(await heardBy(response, '}'));
    t.regex(error, wrong);
    t.is(code, 'bad-request');
  }
});
