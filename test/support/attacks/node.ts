// What a hostile node can do to the server that gives it a command.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { RequestError } from '../../../agent/errors.ts';
import { commandNode } from '../../../agent/net/node-client.ts';
import type { Attack } from './attack.ts';

/** @returns the limits that were met, and why the command failed */
async function command(t: ExecutionContext, answer: (socket: Socket) => void, timeoutMs?: number) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume();
    answer(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const met: string[] = [];
  const said = commandNode('REBOOT', {
    ...{ port, address: '127.0.0.1', localAddress: '127.0.0.1' },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
  });
  const error = await t.throwsAsync(said, { instanceOf: RequestError });
  return { met, reason: error?.message ?? '' };
}

const answer: Attack = async (t) => {
  const { met, reason } = await command(t, (socket) => {
    const flood = () => {
      while (socket.writable && socket.write('x'.repeat(65_536)));
    };
    socket.on('drain', flood);
    flood();
  });
  t.regex(reason, /more than 1024 bytes/);
  return met;
};

const time: Attack = async (t) => {
  const drip = (socket: Socket) => {
    const dripping = setInterval(() => socket.write('x'), 50);
    socket.once('close', () => clearInterval(dripping));
  };
  const { met, reason } = await command(t, drip, 500);
  t.regex(reason, /it does not answer/);
  return met;
};

/** By the row that each of them meets. */
export const nodeAttacks = {
  'node-answer': answer,
  'node-time': time,
} as const satisfies Readonly<Record<string, Attack>>;
