// Speaks to the server over its unix socket.
import { type IncomingMessage, request } from 'node:http';
import type { ErrorReply } from '../api/types.ts';
import { CommandError } from './command-line/command-error.ts';
import { NoServerError } from './no-server-error.ts';

/**
 * The calls that commands make. `path` begins with `/api/`; `body` is sent as JSON, and `Reply` is the type that the server's
 * description of the call gives: the client does not check it.
 */
export type Client = {
  readonly get: <Reply>(path: string) => Promise<Reply>;
  readonly post: <Reply>(path: string, body: unknown) => Promise<Reply>;
  /** Sends a request whose answer is JSON, one value a line, and gives them as they come. */
  readonly lines: <Line>(path: string, body?: unknown) => AsyncGenerator<Line>;
};

type Options = {
  readonly socket: string;
  /** who asks */
  readonly user: string;
  /** ends requests under way */
  readonly signal: AbortSignal;
};

const USER_HEADER = 'x-walt-user';
/** The longest that the server takes by design is a wait of 60 s. */
const SILENCE_MS = 120_000;

/** All of its functions throw {NoServerError} if nobody answers, {CommandError} if the server refuses. */
export function createClient(options: Options): Client {
  const ask = async <Reply>(method: Method, path: string, body?: unknown): Promise<Reply> => {
    const response = await send({ method, path, body, timeoutMs: SILENCE_MS }, options);
    return JSON.parse(await textOf(response, options)) as Reply;
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    lines: (path, body) =>
      linesOf({ method: body === undefined ? 'GET' : 'POST', path, body }, options),
  };
}

type Method = 'GET' | 'POST';
type Question = {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs?: number;
};

async function* linesOf<Line>(question: Question, options: Options): AsyncGenerator<Line> {
  const response = await send(question, options);
  let rest = '';
  for await (const part of partsOf(response, options)) {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}

async function send(question: Question, options: Options): Promise<IncomingMessage> {
  const response = await open(question, options);
  if (response.statusCode === 200) return response;
  throw new CommandError(refusal(await textOf(response, options), response.statusCode));
}

function open(question: Question, { socket, user, signal }: Options): Promise<IncomingMessage> {
  const { method, path, body, timeoutMs = 0 } = question;
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    [USER_HEADER]: user,
    ...(content === '' ? {} : { 'content-type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: socket, method, path, headers, signal, agent: false });
    asking.once('response', resolve);
    asking.once('error', (cause) =>
      reject(signal.aborted ? cause : new NoServerError(socket, cause)),
    );
    asking.setTimeout(timeoutMs, () => {
      asking.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
    });
    asking.end(content);
  });
}

async function textOf(response: IncomingMessage, options: Options): Promise<string> {
  let text = '';
  for await (const part of partsOf(response, options)) text += part;
  return text;
}

async function* partsOf(
  response: IncomingMessage,
  { socket, signal }: Options,
): AsyncGenerator<string> {
  try {
    yield* response.setEncoding('utf8');
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new NoServerError(socket, new Error('it closed the connection', { cause }));
  }
}

/** A request that no route took is answered in the form of the framework, which puts the sentence in `message`. */
function refusal(text: string, status: number | undefined): string {
  try {
    const { error, message = error } = JSON.parse(text) as ErrorReply & { message?: string };
    return message;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return `walt-server answered with status ${status}: ${text.slice(0, 200)}`;
  }
}
