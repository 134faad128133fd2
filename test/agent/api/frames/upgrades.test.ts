// WebSockets of clients that answer no ping, who show what came to somebody who reads slowly; and of those that are refused and stay.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test from 'ava';
import { WebSocket } from 'ws';
import type { Session } from '../../../../agent/api/calls/call.ts';
import { Upgrades } from '../../../../agent/api/frames/upgrades.ts';

test('a client that answers no ping stays, and is heard', async (t) => {
  const heard = Promise.withResolvers<string>();
  const session: Session = async ({ received }) => {
    for await (const frame of received) {
      if (frame instanceof Uint8Array) return heard.resolve(Buffer.from(frame).toString());
    }
    heard.resolve('gone');
  };
  const upgrades = new Upgrades((reason) => t.log(reason), { pingMs: 50 });
  const server = createServer();
  upgrades.listen(
    server,
    (request: IncomingMessage) => upgrades.begin(request, session, { gone: () => undefined }),
    () => true,
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { autoPong: false });
  t.teardown(() => client.terminate());
  const over = once(client, 'close');
  for (let pings = 0; pings < 5; pings += 1) {
    await Promise.race([once(client, 'ping'), over]);
  }
  client.send(Buffer.from('here'));
  t.is(await heard.promise, 'here');
});

test('a client that is refused and does not go is hung up on', async (t) => {
  const upgrades = new Upgrades((reason) => t.log(reason), { lastWordMs: 50 });
  const server = createServer();
  upgrades.listen(
    server,
    (_request, response) => response.writeHead(401).end('no'),
    () => true,
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const connected = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.teardown(() => client.destroy());
  const upgrade = ['host: x', 'connection: upgrade', 'upgrade: websocket'];
  client.write(['GET / HTTP/1.1', ...upgrade, '', ''].join('\r\n'));
  const [socket] = await connected;
  const over = once(socket, 'close', { signal: AbortSignal.timeout(5000) });
  let answer = '';
  for await (const part of client) answer += part;
  t.regex(answer, /^HTTP\/1\.1 401 /);
  await t.notThrowsAsync(over);
});
