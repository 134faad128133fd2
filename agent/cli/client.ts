// Speaks to the server over its unix socket.
import { type IncomingMessage, request } from 'node:http';
import type { Asked as AskedOf, LineOf, ReplyOf } from '../api/calls/call.ts';
import type { CallName, Calls } from '../api/calls.ts';
import { CommandError } from './command-line/command-error.ts';
import endpoints from './endpoints.json' with { type: 'json' };
import { NoServerError } from './no-server-error.ts';

/** What a call takes; see docs/api.md. */
export type Asked<Name extends CallName> = AskedOf<Calls[Name]>;
/** What a call answers with. */
export type Reply<Name extends CallName> = ReplyOf<Calls[Name]>;

type LinesName = {
  [Name in CallName]: [LineOf<Calls[Name]>] extends [never] ? never : Name;
}[CallName];
type PlainName = Exclude<CallName, LinesName>;
/** A call that takes nothing, or nothing that is needed, is made without. */
type Fields<Name extends CallName> =
  Record<never, never> extends Asked<Name> ? [asked?: Asked<Name>] : [asked: Asked<Name>];

/** Makes calls of the API, by their names in its table (docs/api.md). */
export type Client = {
  /** Makes a call whose answer is one value. */
  readonly call: <Name extends PlainName>(
    name: Name,
    ...asked: Fields<Name>
  ) => Promise<Reply<Name>>;
  /** Makes a call whose answer comes in lines, and gives each as it comes. */
  readonly lines: <Name extends LinesName>(
    name: Name,
    ...asked: Fields<Name>
  ) => AsyncGenerator<LineOf<Calls[Name]>>;
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
  return {
    call: async (name, ...[asked]) => {
      const response = await send({ ...question(name, asked), timeoutMs: SILENCE_MS }, options);
      return JSON.parse(await textOf(response, options));
    },
    lines: (name, ...[asked]) => linesOf(question(name, asked), options),
  };
}

type Question = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs?: number;
};

const ENDPOINTS: Readonly<Record<CallName, { readonly method: string; readonly path: string }>> =
  endpoints;

/** Puts each value where the call has it: in the path, and the others in the query of a GET or the body of a POST. */
function question(name: CallName, asked: unknown): Question {
  const { method, path: template } = ENDPOINTS[name];
  const given = Object.entries(asked ?? {}).filter(([, value]) => value !== undefined);
  const others = new Map<string, unknown>(given);
  const path = template.replaceAll(/:(\w+)/g, (_, field: string) => {
    const value = others.get(field);
    others.delete(field);
    return encodeURIComponent(String(value));
  });
  if (method === 'POST') return { method, path, body: Object.fromEntries(others) };
  const query = new URLSearchParams();
  for (const [field, value] of others) query.set(field, String(value));
  return { method, path: query.size === 0 ? path : `${path}?${query}` };
}

async function* linesOf<Line>(question: Question, options: Options): AsyncGenerator<Line> {
  const response = await send(question, options);
  let rest = '';
  for await (const part of partsOf(response, options)) {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield lineOf<Line>(line);
  }
}

/** A line with nothing but a sentence says why no other one comes. */
function lineOf<Line>(text: string): Line {
  const line: unknown = JSON.parse(text);
  const [[name, value] = [], ...others] = Object.entries(line as object);
  if (name === 'error' && others.length === 0) throw new CommandError(String(value));
  return line as Line;
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
    const { error, message } = JSON.parse(text) as { error: string; message?: string };
    return message ?? error;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return `walt-server answered with status ${status}: ${text.slice(0, 200)}`;
  }
}
