// Whose handshake is next, and when a connection is ready for one.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test from 'ava';
import { whenRecordIsThere } from '../../../../agent/net/limits/first-record.ts';
import { HandshakeTurns } from '../../../../agent/net/limits/handshake-turns.ts';
import { until } from '../../../support/attacks/attack.ts';

test('HandshakeTurns takes addresses in turn, and each of them in its order', async (t) => {
  const turns = new HandshakeTurns({ perSecond: 100, atOnce: 100, onWait: () => t.fail() });
  const begun: string[] = [];
  const enter = (address: string, name: string) => turns.enter(address, () => begun.push(name));
  for (const name of ['a1', 'a2', 'a3', 'a4']) enter('192.0.2.1', name);
  const leave = enter('192.0.2.2', 'b1');
  for (const name of ['b2', 'b3']) enter('192.0.2.2', name);
  enter('192.0.2.3', 'c1');
  leave();
  await until(() => begun.length === 7);
  t.deepEqual(begun, ['a1', 'b2', 'c1', 'a2', 'b3', 'a3', 'a4']);
});

test('HandshakeTurns begins one in a turn of the event loop', async (t) => {
  const turns = new HandshakeTurns({ perSecond: 100, atOnce: 100, onWait: () => t.fail() });
  let begun = 0;
  for (let index = 0; index < 5; index += 1) turns.enter('192.0.2.1', () => (begun += 1));
  t.is(begun, 0);
  const counts: number[] = [];
  while (begun < 5) {
    await new Promise((resolve) => setImmediate(resolve));
    counts.push(begun);
  }
  t.true(
    counts.every((count, index) => count - (counts[index - 1] ?? 0) <= 1),
    counts.join(),
  );
});

test('HandshakeTurns lets an address that comes too fast wait, and no other one', async (t) => {
  const waiting: string[] = [];
  const onWait = (address: string) => waiting.push(address);
  const turns = new HandshakeTurns({ perSecond: 0.001, atOnce: 2, onWait, now: () => 0 });
  const begun: string[] = [];
  for (const name of ['a1', 'a2', 'a3', 'a4']) turns.enter('192.0.2.1', () => begun.push(name));
  await until(() => waiting.length > 0);
  turns.enter('192.0.2.2', () => begun.push('b1'));
  await until(() => begun.includes('b1'));
  turns.enter('192.0.2.1', () => begun.push('a5'));
  turns.enter('192.0.2.2', () => begun.push('b2'));
  await until(() => begun.includes('b2'));
  t.deepEqual(begun, ['a1', 'a2', 'b1', 'b2']);
  t.deepEqual([...new Set(waiting)], ['192.0.2.1']);
});

const HELLO = Buffer.from([22, 3, 1, 0, 4, 1, 2, 3, 4]);

test('whenRecordIsThere() waits for the whole record, and takes nothing of it', async (t) => {
  const taken = Promise.withResolvers<Socket>();
  const server = createServer((socket) => taken.resolve(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay();
  t.teardown(() => client.destroy() && server.close());
  const socket = await taken.promise;
  let isThere = false;
  whenRecordIsThere(socket, () => {
    isThere = true;
  });
  for (const [index, byte] of HELLO.entries()) {
    t.false(isThere);
    client.write(Buffer.from([byte]));
    await until(() => socket.bytesRead === index + 1);
  }
  await until(() => isThere);
  t.deepEqual(socket.read(), HELLO);
});

for (const [what, bytes] of [
  ['no TLS', Buffer.from('G')],
  ['a record that is too long', Buffer.from([22, 3, 1, 255, 255])],
] as const) {
  test(`whenRecordIsThere() leaves ${what} to TLS`, async (t) => {
    const server = createServer((socket) => {
      whenRecordIsThere(socket, () => socket.end(socket.read()));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    t.teardown(() => client.destroy() && server.close());
    client.write(bytes);
    const [heard] = await once(client, 'data');
    t.deepEqual(heard, bytes);
  });
}
