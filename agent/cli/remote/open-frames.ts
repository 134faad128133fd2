// Opens a WebSocket to a server on another machine.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { CommandError } from '../command-line/command-error.ts';
import { NoRemoteError } from './no-remote-error.ts';
import type { RemoteServer } from './remote-server.ts';

type Options = {
  readonly signal: AbortSignal;
  /** the sentence in the answer of a server that refuses */
  readonly refusal: (body: string, status: number | undefined) => string;
};

const LONGEST_FRAME = 4 * 1024 * 1024;

/**
 * Reads nothing before somebody resumes it.
 * @throws {NoRemoteError} if it is not reached; {CommandError} if the server refuses
 */
export async function openFrames(
  path: string,
  { url, token, ca }: RemoteServer,
  { signal, refusal }: Options,
): Promise<WebSocket> {
  // Few commands need it.
  const { WebSocket: Socket } = await import('ws');
  const socket = new Socket(`${url.replace(/^https/, 'wss')}${path}`, {
    ...{ perMessageDeflate: false, maxPayload: LONGEST_FRAME },
    ...(ca === undefined ? {} : { ca }),
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
  });
  signal.addEventListener('abort', () => socket.terminate(), { once: true });
  const opened = Promise.withResolvers<WebSocket>();
  socket.once('open', () => {
    socket.pause();
    opened.resolve(socket);
  });
  socket.once('error', (cause) => opened.reject(new NoRemoteError(url, cause)));
  socket.once('unexpected-response', (_asking, answer: IncomingMessage) => {
    textOf(answer)
      .then((body) => new CommandError(refusal(body, answer.statusCode)))
      .then(opened.reject, opened.reject);
  });
  return await opened.promise;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(answer, 'end');
  return text;
}
