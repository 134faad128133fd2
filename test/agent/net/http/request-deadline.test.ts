// How long a request may take to come, where one connection brings many.
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import test from 'ava';
import { withDeadline } from '../../../../agent/net/http/request-deadline.ts';

test('a connection that brings many requests keeps nothing of those before', async (t) => {
  const sockets = new Set<Socket>();
  const counts: number[] = [];
  const handle = withDeadline(
    ({ socket }, response) => {
      sockets.add(socket);
      counts.push(socket.listenerCount('close'));
      response.end('good');
    },
    { wholeMs: 60_000, pauseMs: 60_000, isLong: () => false, onLate: () => t.fail() },
  );
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => {
    agent.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  for (let time = 0; time < 20; time += 1) {
    const [answer] = (await once(get({ host: '127.0.0.1', port, agent }), 'response')) as [
      IncomingMessage,
    ];
    answer.resume();
    await once(answer, 'end');
  }
  t.is(sockets.size, 1);
  t.is(counts.at(-1), counts[0]);
});
