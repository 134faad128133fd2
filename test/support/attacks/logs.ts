// Attacks on the log by TCP 12347 from addresses of loopback; the node is 127.0.0.1.
import dgram from 'node:dgram';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { startDatagrams } from '../../../agent/net/logs/datagrams.ts';
import { type Attack, dial, heardBy, until } from './attack.ts';
import { serve } from './bootup.ts';

const NODE = '127.0.0.1';
const head = (stream: string) => `REQ_NEW_INCOMING_LOGS\n${stream}\nNO_TIMESTAMPS\n`;

/** Sends a stream, and waits until the server has read it to its end. */
async function send(
  t: ExecutionContext,
  {
    port,
    text,
    from = NODE,
  }: { readonly port: number; readonly text: string; readonly from?: string },
): Promise<void> {
  const socket = dial(t, port, from);
  socket.end(text);
  await heardBy(socket);
}

const strangers: Attack = async (t) => {
  const { port, met } = await serve(t);
  await send(t, { port, text: `${head('s')}line\n`, from: '127.0.0.2' });
  return met;
};

const names: Attack = async (t) => {
  const { port, met } = await serve(t);
  for (const name of ['platform.nodes', 'daemon.nfs', 'platform', 'a b', '', 'x'.repeat(65)]) {
    await send(t, { port, text: `${head(name)}line\n` });
  }
  t.is(met.length, 6);
  await send(t, { port, text: `${head('platforms')}line\n` });
  t.is(met.length, 6);
  return met;
};

/** The connection that says that the node is up stays, however many streams its node has. */
const connections: Attack = async (t) => {
  const limits = { streams: { perAddress: 3, inAll: 6 } };
  const { port, met, tell } = await serve(t, { limits });
  const link = await tell();
  const streams = Array.from({ length: 8 }, () => dial(t, port, NODE));
  for (const stream of streams) stream.write(head('s'));
  await until(() => streams.filter(({ closed }) => closed).length === 5);
  t.false(link.closed);
  return met;
};

const longLines: Attack = async (t) => {
  const { port, met } = await serve(t);
  await send(t, { port, text: `${head('s')}${'x'.repeat(2 ** 20)}\n` });
  return met;
};

const manyLines: Attack = async (t) => {
  const { port, met } = await serve(t);
  const socket = dial(t, port, NODE);
  socket.write(`${head('s')}${'x\n'.repeat(100_000)}`);
  await until(() => met.length > 0);
  return met;
};

const manyBytes: Attack = async (t) => {
  const { port, met } = await serve(t);
  const socket = dial(t, port, NODE);
  socket.write(`${head('s')}${`${'x'.repeat(16_000)}\n`.repeat(600)}`);
  await until(() => met.length > 0);
  return met;
};

/** What is dropped is counted, and others are heard. */
const datagrams: Attack = async (t) => {
  const met: string[] = [];
  const lines: string[] = [];
  const server = await startDatagrams({
    ...{ address: '127.0.0.1', port: 0, stream: 's', lineOf: (line) => line },
    ...{ isServed: () => true, publish: () => undefined },
    openLogs: (address) => ({
      kind: 'taken',
      take: async (texts) => void lines.push(...texts.map((text) => `${address} ${text}`)),
    }),
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
  });
  t.teardown(() => server.close());
  const send = async (from: string, text: string) => {
    const socket = dgram.createSocket('udp4').bind(0, from);
    await once(socket, 'listening');
    await new Promise((resolve) => socket.send(text, server.port, '127.0.0.1', resolve));
    socket.close();
  };
  await send(NODE, 'x\n'.repeat(1500));
  await until(() => lines.length === 1500);
  await send(NODE, 'x\n'.repeat(1500));
  await until(() => met.length === 1);
  await send('127.0.0.2', 'heard');
  await until(() => lines.includes('127.0.0.2 heard'));
  await send(NODE, 'again');
  await until(() => lines.includes(`${NODE} again`));
  t.true(lines.includes(`${NODE} [1500 lines were dropped here: they came too fast]`));
  return met;
};

/** By the row that each of them meets. */
export const logAttacks = {
  'log-strangers': strangers,
  'log-stream-name': names,
  'log-connections': connections,
  'log-line': longLines,
  'log-pace': manyLines,
  'log-bytes': manyBytes,
  'log-datagrams': datagrams,
} as const satisfies Readonly<Record<string, Attack>>;
