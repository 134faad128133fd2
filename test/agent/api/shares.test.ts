// What one user may hold of what all share, by real connections from several addresses.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import test, { type ExecutionContext } from 'ava';
import type { Limit } from '../../../agent/net/limits/limit.ts';
import { LIMITS, type LimitName } from '../../../agent/net/limits/table.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { serveElsewhere } from '../../support/remote/served.ts';
import { startTestPlatform } from '../cli/test-platform.ts';

type Kind = { readonly path: string; readonly limit: LimitName; readonly body?: string };

const EVENTS: Kind = { path: '/api/v1/events', limit: 'event-followers' };
const LOG: Kind = { path: '/api/v1/logs?realtime=true&last=1', limit: 'log-followers' };
const CONSOLE: Kind = {
  path: '/api/v1/consoles/open',
  limit: 'console-viewers',
  body: JSON.stringify({ device: 'pc-1', follows: true, wish: 'watch', history: 0 }),
};

/** The shares that the table has. */
function sharesOf({ limit }: Kind) {
  const { perUser = 0, perAddress = 0 }: Limit = LIMITS[limit];
  return { perUser, perAddress };
}

async function open(t: ExecutionContext) {
  t.timeout(180_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  platform.publish([{ kind: 'problem', source: 'nfs', message: 'a line of the log' }]);
  const served = await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
  const { accounts } = platform;
  const tokenOf = async (user: string) => {
    if (user === 'alice') return served.token;
    await accounts.create(user, 'user');
    return (await accounts.createToken({ user, name: 'test', days: 1, role: 'user' })).token;
  };
  const tokens = new Map<string, string>();
  const follow = async (
    { path, body }: Kind,
    { user, from }: { readonly user: string; readonly from: string },
  ) => {
    const token = tokens.get(user) ?? (await tokenOf(user));
    tokens.set(user, token);
    const asking = request(`${served.url}${path}`, {
      ...{ ca: served.tls.cert, localAddress: from, agent: false },
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    asking.on('error', () => undefined);
    t.teardown(() => asking.destroy());
    asking.end(body);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    if (answer.statusCode === 200) {
      answer.resume();
      return { status: 200, end: () => asking.destroy() };
    }
    let text = '';
    for await (const part of answer) text += part;
    return { status: answer.statusCode, end: () => undefined, ...JSON.parse(text) };
  };
  return { follow };
}

for (const kind of [EVENTS, LOG, CONSOLE]) {
  test(`${kind.path} one user holds a share of it from all addresses, and others find room`, async (t) => {
    const { follow } = await open(t);
    const { perUser } = sharesOf(kind);
    const held = [];
    for (let index = 0; index < perUser; index += 1) {
      held.push(await follow(kind, { user: 'alice', from: `127.0.0.${10 + (index % 2)}` }));
    }
    t.deepEqual([...new Set(held.map(({ status }) => status))], [200]);
    const refused = await follow(kind, { user: 'alice', from: '127.0.0.12' });
    t.like(refused, { status: 429, code: 'share-taken' });
    t.regex(
      refused.error,
      new RegExp(`^[^\\n]*${perUser} programs of yours[^\\n]*End one of them`),
    );
    t.is((await follow(kind, { user: 'bob', from: '127.0.0.10' })).status, 200);
    held[0]?.end();
    let { status } = refused;
    for (let tries = 0; status !== 200 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ({ status } = await follow(kind, { user: 'alice', from: '127.0.0.12' }));
    }
    t.is(status, 200, 'who ends one has room for another');
  });
}

test('many users at one address hold a share of the consoles, and others elsewhere find room', async (t) => {
  const { follow } = await open(t);
  const { perAddress, perUser } = sharesOf(CONSOLE);
  for (let index = 0; index < perAddress; index += 1) {
    const user = `user-${Math.floor(index / perUser)}`;
    t.is((await follow(CONSOLE, { user, from: '127.0.0.20' })).status, 200);
  }
  const refused = await follow(CONSOLE, { user: 'carol', from: '127.0.0.20' });
  t.like(refused, { status: 429, code: 'share-taken' });
  t.regex(refused.error, /at 127\.0\.0\.20 do so already/);
  t.is((await follow(CONSOLE, { user: 'carol', from: '127.0.0.21' })).status, 200);
});
