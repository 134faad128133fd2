import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { openSockets } from '../../../agent/net/ffi/open-sockets.ts';
import { loadSystemCalls } from '../../../agent/net/ffi/system-calls.ts';
import { listen } from '../../../agent/net/running-server.ts';
import { succeed } from '../../../lab/programs/run-program.ts';

const HERE = { address: '127.0.0.1', port: 0 };

/** What may wait at a port that is listened at, as ss(8) tells it, and what is to. */
async function backlogsOf(t: ExecutionContext, fd?: number) {
  const server = createServer();
  t.teardown(() => server.close());
  const port = await listen(server, { ...HERE, fd });
  const { said } = await succeed(['ss', '-Hltn', `sport = :${port}`]);
  const most = Number(await readFile('/proc/sys/net/core/somaxconn', 'utf8'));
  return [Number(said.trim().split(/\s+/)[2]), Math.min(most, 4096)];
}

test('listen() has connections of thousands of boards wait, as far as the kernel lets it', async (t) => {
  const [backlog, wanted] = await backlogsOf(t);
  t.is(backlog, wanted);
});

test('listen() does so at a socket that this process was given', async (t) => {
  const calls = await loadSystemCalls();
  if (calls === undefined) return t.pass('this machine has no koffi');
  const [fd] = openSockets([{ kind: 'tcp', ...HERE }], calls) ?? [];
  const [backlog, wanted] = await backlogsOf(t, fd);
  t.is(backlog, wanted);
});
