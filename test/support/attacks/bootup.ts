// Attacks on TCP 12347 from addresses of loopback; the node is 127.0.0.1.
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import type { LogLink, LogRefusal } from '../../../agent/handlers/nodes/on-log-stream.ts';
import { type BootupOptions, startBootupServer } from '../../../agent/net/bootup-server.ts';
import { isNodeStream } from '../../../agent/protocol/logs/stream-head.ts';
import { type Attack, dial, heardBy, hostile, until } from './attack.ts';

/** A node's lines go nowhere. */
function openLogs(address: string, stream: string): LogLink | LogRefusal {
  if (!isNode(address)) return { kind: 'stranger' };
  return isNodeStream(stream) ? { kind: 'taken', take: async () => undefined } : { kind: 'name' };
}

const isNode = (address: string) => address === '127.0.0.1';

/** The real server on loopback; the node is 127.0.0.1. */
export async function serve(t: ExecutionContext, given: Partial<BootupOptions> = {}) {
  const met: string[] = [];
  const server = await startBootupServer({
    address: '127.0.0.1',
    port: 0,
    open: (address) => (isNode(address) ? { events: [], onEnd: () => [] } : undefined),
    openLogs: (address, { stream }) => openLogs(address, stream),
    publish: () => undefined,
    isServed: () => true,
    isKnown: isNode,
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
    ...given,
  });
  t.teardown(() => server.close());
  const tell = async () => {
    const socket = dial(t, server.port, '127.0.0.1');
    socket.write('REQ_NOTIFY_BOOTUP_STATUS\n');
    const [answer] = await once(socket, 'data');
    t.is(String(answer), 'OK\n');
    return socket;
  };
  return { port: server.port, met, tell };
}

const networks: Attack = async (t) => {
  const { port, met, tell } = await serve(t, { isServed: isNode });
  t.is(await heardBy(dial(t, port)), '');
  await tell();
  return met;
};

const connections: Attack = async (t) => {
  const limits = { connections: { perAddress: 3, inAll: 6 } };
  const { port, met, tell } = await serve(t, { limits });
  const greedy = Array.from({ length: 10 }, () => dial(t, port));
  await until(() => greedy.filter(({ closed }) => closed).length === 7);
  const others = Array.from({ length: 10 }, (_, index) => dial(t, port, hostile(index)));
  await until(() => met.length >= 14);
  const links = [await tell(), await tell(), await tell()];
  const renewed = await tell();
  await until(() => links[0]?.closed === true);
  for (const link of [links[1], links[2], renewed]) t.false(link?.closed);
  t.true([...greedy, ...others].filter(({ closed }) => !closed).length <= 3);
  return met;
};

const line: Attack = async (t) => {
  const { port, met } = await serve(t);
  const socket = dial(t, port);
  socket.write('x'.repeat(100_000));
  t.is(await heardBy(socket), '');
  return met;
};

const firstLine: Attack = async (t) => {
  const { port, met } = await serve(t, { limits: { firstLineMs: 300 } });
  const socket = dial(t, port);
  const dripping = setInterval(() => socket.write('x'), 100);
  t.teardown(() => clearInterval(dripping));
  t.is(await heardBy(socket), '');
  return met;
};

/** By the row that each of them meets. */
export const bootupAttacks = {
  'bootup-networks': networks,
  'bootup-connections': connections,
  'bootup-line': line,
  'bootup-first-line': firstLine,
} as const satisfies Readonly<Record<string, Attack>>;
