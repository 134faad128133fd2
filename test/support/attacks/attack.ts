// What attacks on servers of ours are made of.
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';

/** Meets one limit of the table, and asserts what comes of it. @returns the limits that were met, with whose they are */
export type Attack = (t: ExecutionContext) => Promise<readonly string[]>;

/** Other addresses of this machine than the one that is taken for a node's, 127.0.0.1. */
export const HOSTILE = '127.0.0.66';
export const hostile = (index: number): string => `127.0.1.${index + 1}`;

/** Connects from an address of loopback, and closes with the test. */
export function dial(t: ExecutionContext, port: number, localAddress = HOSTILE): Socket {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  socket.on('error', () => socket.destroy());
  t.teardown(() => socket.destroy());
  return socket;
}

/** All that arrives until the server ends the connection. */
export async function heardBy(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
  });
  await until(() => socket.closed);
  return heard;
}

/** @throws if it is not so within 20 s */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000; tries += 1) {
    if (isSo()) return;
    await sleep(10);
  }
  throw new Error(`Awaited in vain: ${isSo}`);
}
