// Lines with numbers, to the real server, registry and log: each is there once, however often its sender was cut off.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { dial, until } from '../../../support/attacks/attack.ts';
import { openRecords } from '../../../support/records.ts';
import { startLogServer } from '../../../support/servers/log-server.ts';

const NOW = 1_764_000_000_000_000;
const SENDER = '0123456789abcdef';

async function serve(t: ExecutionContext, file = ':memory:') {
  const records = await openRecords(file, {}, () => NOW);
  const { store } = records;
  const server = await startLogServer(records, NOW);
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await server.close();
    await store.close();
  };
  t.teardown(close);
  const lines = async () => {
    const all = await store.logs.read({ limit: 200_000 });
    return all.filter(({ issuer }) => issuer !== 'walt-server').map(({ line }) => line);
  };
  /** Sends lines by a connection of its own. */
  const begin = (
    first: number,
    { from = '127.0.0.1', sender = SENDER }: { from?: string; sender?: string } = {},
  ) => {
    const socket = dial(t, server.port, from);
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes;
    });
    socket.write(`REQ_NEW_INCOMING_LOGS\ns\nTIMESTAMPS_COUNTED ${sender} ${first}\n`);
    return { socket, heard: () => heard };
  };
  const send = async (first: number, texts: readonly string[], who = {}) => {
    const { socket, heard } = begin(first, who);
    socket.end(texts.map((text) => `1764000000 ${text}\n`).join(''));
    await until(() => socket.closed);
    return heard().split('\n').at(-2);
  };
  return { ...records, begin, send, lines, close };
}

const numbered = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `line ${first + index}`);

test('lines with numbers are taken once, where their sender begins again', async (t) => {
  const { send, lines } = await serve(t);
  t.is(await send(1, numbered(1, 5)), 'HAVE 5');
  t.is(await send(1, numbered(1, 3)), 'HAVE 5');
  t.is(await send(2, numbered(2, 8)), 'HAVE 8');
  t.is(await send(9, numbered(9, 9)), 'HAVE 9');
  t.deepEqual(await lines(), numbered(1, 9));
});

test('lines with numbers are of one sender of one device', async (t) => {
  const { send, lines } = await serve(t);
  await send(1, ['one']);
  await send(1, ['two'], { sender: `${SENDER}0` });
  await send(1, ['three'], { from: '127.0.0.2' });
  t.deepEqual(await lines(), ['one', 'two', 'three']);
});

test('a line with a number that was cut off is not taken, and is when it comes whole', async (t) => {
  const { begin, send, lines } = await serve(t);
  const { socket, heard } = begin(1);
  socket.end('1764000000 line 1\n1764000000 li');
  await until(() => socket.closed);
  t.is(heard(), 'HAVE 1\n');
  await send(1, numbered(1, 2));
  t.deepEqual(await lines(), numbered(1, 2));
});

test('lines with numbers are taken once over a restart of the server', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-counted-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'walt.db');
  const first = await serve(t, file);
  await first.send(1, numbered(1, 5));
  await first.close();
  const { send, lines } = await serve(t, file);
  t.is(await send(1, numbered(1, 7)), 'HAVE 7');
  t.deepEqual(await lines(), numbered(1, 7));
});

test('lines with numbers by two connections at once are taken once, in order', async (t) => {
  const { send, lines } = await serve(t);
  const all = numbered(1, 20_000);
  await Promise.all([send(1, all), send(1, all), send(1, all.slice(0, 500))]);
  t.deepEqual(await lines(), all);
});

test('a log that lost the lines of a sender goes on with those that come', async (t) => {
  const { send, lines } = await serve(t);
  t.is(await send(501, numbered(501, 502)), 'HAVE 502');
  t.deepEqual(await lines(), numbered(501, 502));
});

test('a sender is told while its connection lasts, and heard though it does not read', async (t) => {
  const { begin, lines } = await serve(t);
  const { socket, heard } = begin(1);
  socket.write('1764000000 line 1\n');
  await until(() => heard() === 'HAVE 1\n');
  socket.pause();
  for (let index = 2; index <= 50; index += 1) socket.write(`1764000000 line ${index}\n`);
  socket.end();
  for (let tries = 0; tries < 1000 && (await lines()).length < 50; tries += 1) await sleep(10);
  t.deepEqual(await lines(), numbered(1, 50));
});

test('of a device the senders that were heard last are known', async (t) => {
  const { store } = await serve(t);
  const mac = '52:54:00:00:00:01';
  const line = { at: NOW, issuer: 'pc-1', stream: 's', line: 'x' };
  for (let index = 0; index < 300; index += 1) {
    await store.logs.appendAll([line], { mac, sender: `sender${index}`, count: 1 }).written;
  }
  t.is(await store.logs.countOf({ mac, sender: 'sender0' }), 0);
  t.is(await store.logs.countOf({ mac, sender: 'sender299' }), 1);
  t.is(await store.logs.countOf({ mac, sender: 'sender50' }), 1);
});
