// The server's side of a connection to the runner.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { messageOf, WaltError } from '../../errors.ts';
import { linesOf, sendLine } from '../json-lines.ts';
import type { NamesOrder, NfsOrder, RunnerAnswer, RunnerRequest } from './messages.ts';

const UNITS = 'walt-runner.socket walt-runner.service';

/** A connection that lasts. */
export type Session = {
  /** as they come; they end with the connection */
  readonly answers: AsyncGenerator<RunnerAnswer>;
  send(order: NfsOrder | NamesOrder): void;
  close(): void;
};

/** @param path of the runner's socket @throws {WaltError} where nobody takes the request */
export async function openSession(path: string, request: RunnerRequest): Promise<Session> {
  const socket = await reach(path);
  void sendLine(socket, request);
  return {
    answers: answersOn(socket),
    send: (order) => void sendLine(socket, order),
    close: () => socket.destroy(),
  };
}

/** @returns what is answered to a request that is done at once @throws {WaltError} with the reason, also where nobody answers */
export async function askRunner(path: string, request: RunnerRequest): Promise<unknown> {
  const { answers, close } = await openSession(path, request);
  try {
    for await (const answer of answers) {
      if ('reason' in answer) throw new WaltError(answer.reason);
      if ('result' in answer) return answer.result;
    }
  } finally {
    close();
  }
  throw brokenOff();
}

/** What is said where the runner ends in the middle. */
export function brokenOff(): WaltError {
  return new WaltError(
    `The runner ended before it was done (journalctl -u walt-runner; systemctl status ${UNITS})`,
  );
}

async function reach(path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new WaltError(
      `Cannot reach the runner at ${path}: ${messageOf(cause)} (systemctl status ${UNITS})`,
      { cause },
    );
  }
  return socket.on('error', () => undefined);
}

async function* answersOn(socket: Socket): AsyncGenerator<RunnerAnswer> {
  try {
    for await (const line of linesOf(socket)) yield JSON.parse(line);
  } finally {
    socket.destroy();
  }
}
