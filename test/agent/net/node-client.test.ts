import { once } from 'node:events';
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { RequestError } from '../../../agent/errors.ts';
import { commandNode } from '../../../agent/net/node-client.ts';

/** A net service that answers with `answer` (or nothing) and notes what it heard and from whom. */
async function service(t: ExecutionContext, answer: string | undefined) {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      heard.push(`${socket.remoteAddress} ${bytes}`);
      if (answer === '') socket.end();
      if (answer) socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const command = () =>
    commandNode('REBOOT', {
      address: '127.0.0.1',
      port,
      localAddress: '127.0.0.9',
      timeoutMs: 500,
    });
  return { heard, command };
}

test("commandNode() speaks the node's line protocol, from the server's address", async (t) => {
  const { heard, command } = await service(t, 'OK\n');
  await command();
  t.is(heard.join(''), '127.0.0.9 MODE single\nREBOOT\n');
});

for (const [title, answer, message] of [
  ['refuses', 'KO not the server\n', /did not take REBOOT: it refused: KO not the server/],
  ['hangs up', '', /it closed the connection/],
  ['is silent', undefined, /it does not answer/],
] as const) {
  test(`commandNode() says so when the node ${title}`, async (t) => {
    const { command } = await service(t, answer);
    const error = await t.throwsAsync(command(), { instanceOf: RequestError });
    t.regex(error?.message ?? '', message);
  });
}

test('commandNode() says so when nothing listens', async (t) => {
  const nowhere = { address: '127.0.0.1', port: 1, localAddress: '127.0.0.1', timeoutMs: 500 };
  await t.throwsAsync(commandNode('PING', nowhere), {
    message: /did not take PING: nothing listens there \(127\.0\.0\.1:1\)$/,
  });
});
