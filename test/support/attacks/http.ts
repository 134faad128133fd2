// Attacks on the HTTP server, from addresses of loopback.
import { truncate } from 'node:fs/promises';
import { serveHttp } from '../servers/http-server.ts';
import { type Attack, dial, heardBy, hostile, until } from './attack.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
/** More than kernels hold for a reader who does not read. */
const LARGE = 200_000_000;
const isKnown = (address: string) => address === '127.0.0.1';

const networks: Attack = async (t) => {
  const { port, curl, handled, met } = await serveHttp(t, { isServed: isKnown });
  const socket = dial(t, port);
  socket.write(get('/boot/start.ipxe').repeat(500));
  t.is(await heardBy(socket), '');
  t.deepEqual(handled, []);
  t.is((await curl('/boot/start.ipxe')).stdout.toString(), '#!ipxe\n');
  return met;
};

const connections: Attack = async (t) => {
  const limits = { connections: { perAddress: 3, inAll: 6 } };
  const { port, curl, met } = await serveHttp(t, { isKnown, limits });
  const greedy = Array.from({ length: 10 }, () => dial(t, port));
  await until(() => greedy.filter(({ closed }) => closed).length === 7);
  const others = Array.from({ length: 10 }, (_, index) => dial(t, port, hostile(index)));
  await until(() => met.length >= 14);
  t.is((await curl('/boot/start.ipxe')).stdout.toString(), '#!ipxe\n');
  t.true([...greedy, ...others].filter(({ closed }) => !closed).length <= 6);
  return met;
};

const answers: Attack = async (t) => {
  const limits = { answers: { perAddress: 2, inAll: 4 } };
  const { port, curl, path, met } = await serveHttp(t, { isKnown, limits });
  await truncate(path, LARGE);
  const readers = Array.from({ length: 12 }, (_, index) => dial(t, port, hostile(index % 3)));
  let begun = 0;
  for (const socket of readers) {
    socket.once('readable', () => {
      begun += 1;
    });
    socket.write(get('/boot/kernel'));
  }
  await until(() => met.length >= 9);
  t.is((await curl('/boot/start.ipxe')).stdout.toString(), '#!ipxe\n');
  t.true(begun <= 3, 'a quarter of the answers is for nodes');
  return met;
};

const media: Attack = async (t) => {
  const limits = { media: { perAddress: 1, inAll: 2 }, answers: { perAddress: 1, inAll: 4 } };
  const { port, curl, path, met } = await serveHttp(t, { isKnown, limits });
  await truncate(path, LARGE);
  const readers = Array.from({ length: 6 }, (_, index) => dial(t, port, hostile(index % 3)));
  const mine = Array.from({ length: 2 }, () => dial(t, port));
  for (const socket of [...readers, ...mine]) socket.write(get('/media/large'));
  await until(() => met.length >= 6);
  t.is((await curl('/boot/start.ipxe')).stdout.toString(), '#!ipxe\n');
  return met;
};

/** Requests that Node's server would answer by itself. */
const AHEAD = [
  get('/boot/kernel'),
  'GET /boot/kernel HTTP/1.1\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n',
];

const requestsAhead: Attack = async (t) => {
  const { server, port, path, handled, met } = await serveHttp(t);
  await truncate(path, LARGE);
  for (const request of AHEAD) {
    dial(t, port).write(`${get('/boot/kernel')}${request.repeat(2000)}`);
  }
  await until(() => met.length === 3);
  t.true(handled.length <= 3, 'one answer at a time');
  await server.close();
  return met;
};

const head: Attack = async (t) => {
  const { port, met } = await serveHttp(t);
  const socket = dial(t, port);
  socket.write(`GET /boot/${'x'.repeat(9000)} HTTP/1.1\r\n\r\n`);
  t.regex(await heardBy(socket), /^HTTP\/1.1 431 /);
  return met;
};

const request: Attack = async (t) => {
  const { port, met } = await serveHttp(t, { limits: { requestMs: 300 } });
  const socket = dial(t, port);
  socket.write('GET /boot/kernel HTTP/1.1\r\n');
  const dripping = setInterval(() => socket.write('X: y\r\n'), 50);
  t.teardown(() => clearInterval(dripping));
  t.regex(await heardBy(socket), /^HTTP\/1.1 408 /);
  return met;
};

const stalled: Attack = async (t) => {
  const limits = { stalledMs: 500 };
  const { port, path, reported, met } = await serveHttp(t, { limits });
  await truncate(path, LARGE);
  const readers = Array.from({ length: 8 }, () => dial(t, port));
  for (const socket of readers) socket.write(get('/boot/kernel'));
  const transfers = await reported(8);
  t.true(transfers.every(({ outcome, bytes }) => outcome === 'aborted' && bytes < LARGE));
  return met;
};

/** By the row that each of them meets. */
export const httpAttacks = {
  'http-networks': networks,
  'http-connections': connections,
  'http-answers': answers,
  'http-media': media,
  'http-requests-ahead': requestsAhead,
  'http-head': head,
  'http-request': request,
  'http-stalled': stalled,
} as const satisfies Readonly<Record<string, Attack>>;
