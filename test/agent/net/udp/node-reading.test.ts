import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { nodeReadingOf } from '../../../../agent/net/udp/node-reading.ts';

async function open(t: ExecutionContext): Promise<Socket> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  return socket;
}

test('Node takes nothing while it is stopped, and afterwards what came meanwhile', async (t) => {
  const [socket, other] = [await open(t), await open(t)];
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(bytes.toString()));
  const node = nodeReadingOf(socket);
  t.truthy(node, 'this version of Node has another form: many clients at once cost more then');
  for (const round of ['first', 'second']) {
    node?.stop();
    other.send(round, socket.address().port, '127.0.0.1');
    await sleep(50);
    t.false(heard.includes(round));
    node?.start();
    while (!heard.includes(round)) await once(socket, 'message');
  }
  t.deepEqual(heard, ['first', 'second']);
});

test('a closed socket is neither stopped nor started, which harms nobody', async (t) => {
  const socket = dgram.createSocket('udp4');
  const node = nodeReadingOf(socket);
  socket.close();
  await once(socket, 'close');
  t.notThrows(() => node?.stop());
  t.notThrows(() => node?.start());
  t.is(nodeReadingOf(socket), undefined);
});

test('what is no socket of this Node cannot be stopped', (t) => {
  for (const state of [undefined, null, 7, {}, { handle: { recvStop: () => 0 } }]) {
    const socket = { [Symbol('state symbol')]: state };
    t.is(nodeReadingOf(socket as unknown as Socket), undefined);
  }
  t.is(nodeReadingOf({} as unknown as Socket), undefined);
});
