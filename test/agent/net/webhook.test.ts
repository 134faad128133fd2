import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { MOST_TRIES, MOST_WAITING, Webhook } from '../../../agent/net/webhook.ts';

/** A server that answers with these statuses, the last one again and again; 0: it never answers. */
async function listen(t: ExecutionContext, ...statuses: number[]) {
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const status = statuses[Math.min(got.length, statuses.length - 1)] ?? 200;
    got.push(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
    if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const problems: string[] = [];
  const { port } = server.address() as AddressInfo;
  const hook = new Webhook({
    url: `http://127.0.0.1:${port}/hook`,
    onProblem: (reason) => problems.push(String(reason)),
    // The first fetch() of a process takes a while on a busy machine.
    ...{ timeoutMs: statuses.includes(0) ? 200 : 30_000, pauseMs: 5 },
  });
  t.teardown(() => hook.stop());
  return { got, problems, hook };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 1000 && !isSo(); look += 1) await sleep(20);
}

test('Webhook posts messages in their order, again after a failure', async (t) => {
  const { got, hook, problems } = await listen(t, 500, 200);
  hook.tell({ node: 'a' });
  hook.tell({ node: 'b' });
  await until(() => got.length === 3);
  t.deepEqual(
    got,
    ['a', 'a', 'b'].map((node) => `POST /hook {"node":"${node}"}`),
  );
  t.deepEqual(problems, []);
});

for (const [what, status, reason] of [
  ['follows no redirect', 302, /it answers 302/],
  ['gives up a server that does not answer', 0, /timeout/i],
] as const) {
  test(`Webhook ${what}`, async (t) => {
    const { got, hook, problems } = await listen(t, status);
    hook.tell({ node: 'a' });
    await until(() => problems.length > 0);
    t.deepEqual(new Set(got), new Set(['POST /hook {"node":"a"}']));
    if (status !== 0) t.is(got.length, MOST_TRIES);
    t.regex(problems[0] ?? '', reason);
  });
}

test('Webhook drops what comes while too many messages wait, and ends at once when it is told', async (t) => {
  const { hook, problems } = await listen(t, 0);
  for (let count = 0; count <= MOST_WAITING; count += 1) hook.tell({ count });
  t.deepEqual(problems, [`Error: ${MOST_WAITING} messages wait; this one is dropped`]);
  await hook.stop();
  t.is(problems.length, 1);
});
