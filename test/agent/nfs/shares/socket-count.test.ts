import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { readSocketCount, socketCount } from '../../../../agent/nfs/shares/socket-count.ts';

const SOCKETS = `sockets: used 58
TCP: inuse 12 orphan 0 tw 10 alloc 47 mem 3
UDP: inuse 5 mem 0
`;

test('socketCount() adds up what there is of both versions of IP', (t) => {
  t.is(socketCount(SOCKETS), 12);
  t.is(socketCount(`${SOCKETS}TCP6: inuse 3\nUDP6: inuse 0\n`), 15);
  t.is(socketCount('TCP: inuse 0 orphan 0\n'), undefined);
  t.is(socketCount(''), undefined);
});

test('readSocketCount() counts a socket that listens', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.true((readSocketCount() ?? 0) > 0);
  server.close();
});
