// Streams of log lines to the real server, registry and log, from addresses of loopback.
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { startBootupServer } from '../../../../agent/net/bootup-server.ts';
import { dial, heardBy, until } from '../../../support/attacks/attack.ts';
import { openRecords } from '../../../support/records.ts';
import { startLogServer } from '../../../support/servers/log-server.ts';

const NODE = '52:54:00:00:00:01';
const NOW = 1_764_000_000_000_000;

async function serve(t: ExecutionContext) {
  const records = await openRecords(':memory:', { m: 'waltplatform/m-default:latest' }, () => NOW);
  const { registry, store } = records;
  const server = await startLogServer(records, NOW);
  await registry.change(NODE, (device) => device && { ...device, name: 'pc-1' });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await server.close();
    isClosed = true;
  };
  t.teardown(close);
  const lines = async () => {
    const all = await store.logs.read({ limit: 200_000 });
    return all.filter(({ issuer }) => issuer !== 'walt-server');
  };
  const send = async (text: string | Uint8Array, from = '127.0.0.1') => {
    const socket = dial(t, server.port, from);
    socket.end(text);
    await heardBy(socket);
  };
  return { ...records, port: server.port, lines, send, close };
}

const PLAIN = 'REQ_NEW_INCOMING_LOGS\nmy.stream\nNO_TIMESTAMPS\n';
const TIMED = 'REQ_NEW_INCOMING_LOGS\nmy.stream\nTIMESTAMPS_INSIDE\n';

const heard: readonly (readonly [string, string, readonly (readonly [number, string])[]])[] = [
  [
    'lines as they come',
    `${PLAIN}one\ntwo\n`,
    [
      [NOW, 'one'],
      [NOW, 'two'],
    ],
  ],
  ['times inside', `${TIMED}1763999999.5 one\n`, [[NOW - 500_000, 'one']]],
  ['nothing behind CLOSE', `${PLAIN}one\nCLOSE\ntwo\n`, [[NOW, 'one']]],
  [
    'a last line that nothing ends',
    `${PLAIN}one\ntw`,
    [
      [NOW, 'one'],
      [NOW, 'tw'],
    ],
  ],
  ['ends of lines of a serial console', `${PLAIN.replaceAll('\n', '\r\n')}one\r\n`, [[NOW, 'one']]],
  [
    'the request as a number',
    `${PLAIN.replace('REQ_NEW_INCOMING_LOGS', '0')}one\n`,
    [[NOW, 'one']],
  ],
  ['what moves a cursor as what it is', `${PLAIN}a\tb\u001b[2Jc\n`, [[NOW, 'a\tb\\u001b[2Jc']]],
  ['no stream in an unknown mode', `${PLAIN.replace('NO_', 'ANY_')}one\n`, []],
  ['no stream of a reserved name', `${PLAIN.replace('my.stream', 'platform.nodes')}one\n`, []],
  ['no lines of a stream without a head', 'REQ_NEW_INCOMING_LOGS\n', []],
];

for (const [what, text, expected] of heard) {
  test(`a stream of log lines: the server takes ${what}`, async (t) => {
    const { lines, send } = await serve(t);
    await send(text);
    t.deepEqual(
      (await lines()).map(({ at, line }) => [at, line]),
      expected.map((one) => [...one]),
    );
    for (const { issuer, stream } of await lines()) {
      t.is(`${issuer}.${stream}`, 'pc-1.my.stream');
    }
  });
}

test('a stream of log lines comes in pieces, and its lines are in order', async (t) => {
  const { lines, port } = await serve(t);
  const socket = dial(t, port, '127.0.0.1');
  socket.setNoDelay(true);
  for (const letter of `${PLAIN}one\ntwo\nthree\n`) {
    await new Promise((resolve) => socket.write(letter, resolve));
  }
  socket.end();
  await heardBy(socket);
  t.deepEqual(
    (await lines()).map(({ line }) => line),
    ['one', 'two', 'three'],
  );
});

test('100,000 lines of one node at once all come, in order, while another node is heard at once', async (t) => {
  const { lines, port, send } = await serve(t);
  const greedy = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1' });
  t.teardown(() => greedy.destroy());
  const closed = once(greedy, 'close');
  greedy.write(PLAIN);
  const count = 100_000;
  for (let index = 0; index < count; index += 1) greedy.write(`${index}\n`);
  greedy.end();
  await send(`${PLAIN}me too\n`, '127.0.0.2');
  const soFar = await lines();
  t.true(soFar.some(({ line }) => line === 'me too'));
  t.true(soFar.length < count, 'the other node was heard while the first one spoke');
  // At the pace of one address it takes eight seconds, and the machine may be busy.
  await closed;
  const all = (await lines()).filter(({ issuer }) => issuer === 'pc-1');
  t.is(all.length, count);
  t.true(all.every(({ line }, index) => line === `${index}`));
});

test('a server that ends has on disk what it read', async (t) => {
  const { lines, port, close, store } = await serve(t);
  const before = store.logs.lastId();
  const socket = dial(t, port, '127.0.0.1');
  socket.write(`${PLAIN}${'line\n'.repeat(10)}`);
  await until(() => store.logs.lastId() >= before + 10);
  await close();
  t.is((await lines()).length, 10);
});

test('of 300 nodes that send at once, few have lines on the way to the disk, and all are heard', async (t) => {
  let [now, most, taken] = [0, 0, 0];
  const take = async (lines: readonly string[]) => {
    now += 1;
    most = Math.max(most, now);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    now -= 1;
    taken += lines.length;
    return undefined;
  };
  const server = await startBootupServer({
    ...{ address: '127.0.0.1', port: 0, isServed: () => true, isKnown: () => true },
    ...{ onLimit: () => undefined, open: () => undefined, publish: () => undefined },
    openLogs: () => ({ kind: 'taken', take }),
  });
  t.teardown(() => server.close());
  const sent = Array.from({ length: 300 }, (_, index) => {
    const socket = dial(t, server.port, `127.0.${1 + (index >> 7)}.${1 + (index & 127)}`);
    socket.end(`${PLAIN}${'line\n'.repeat(5000)}`);
    return heardBy(socket);
  });
  await Promise.all(sent);
  t.is(taken, 300 * 5000);
  t.true(most <= 128, `${most}`);
});

test('lines have the name that their device has when they come', async (t) => {
  const { lines, port, registry, store } = await serve(t);
  const before = store.logs.lastId();
  const socket = dial(t, port, '127.0.0.1');
  socket.write(`${PLAIN}before\n`);
  await until(() => store.logs.lastId() > before);
  await registry.change(NODE, (device) => device && { ...device, name: 'renamed' });
  socket.end('after\n');
  await heardBy(socket);
  t.deepEqual(
    (await lines()).map(({ issuer, line }) => `${issuer} ${line}`),
    ['pc-1 before', 'renamed after'],
  );
});
