// The server's side of a connection to the runner.
import type { Socket } from 'node:net';
import { WaltError } from '../../errors.ts';
import { linesOf, sendLine } from '../json-lines.ts';
import { brokenOff, reachHelper } from '../reach.ts';
import type { LineInput, NamesOrder, NfsOrder, RunnerAnswer, RunnerRequest } from './messages.ts';

/** A connection that lasts. */
export type Session = {
  /** as they come; they end with the connection */
  readonly answers: AsyncGenerator<RunnerAnswer>;
  send(order: NfsOrder | NamesOrder): void;
  /** Resolves when more can be sent. */
  type(input: LineInput): Promise<void>;
  close(): void;
};

/** @param path of the runner's socket @throws {WaltError} where nobody takes the request */
export async function openSession(path: string, request: RunnerRequest): Promise<Session> {
  const socket = await reachHelper('runner', path);
  void sendLine(socket, request);
  return {
    answers: answersOn(socket),
    send: (order) => void sendLine(socket, order),
    type: (input) => sendLine(socket, input),
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
  throw brokenOff('runner');
}

async function* answersOn(socket: Socket): AsyncGenerator<RunnerAnswer> {
  try {
    for await (const line of linesOf(socket)) yield JSON.parse(line);
  } finally {
    socket.destroy();
  }
}
