// Speaks to the server: over its unix socket, or by HTTPS to one of another machine.
import { statSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createConnection } from 'node:net';
import type { Asked as AskedOf, LineOf, ReplyOf } from '../api/calls/call.ts';
import type { CallName, Calls } from '../api/calls.ts';
import { CommandError } from './command-line/command-error.ts';
import endpoints from './endpoints.json' with { type: 'json' };
import { type Answered, askSocket } from './local/socket-request.ts';
import { NoServerError } from './no-server-error.ts';
import { refusedInput } from './refused-input.ts';
import { RemoteFrames } from './remote/frames.ts';
import { NoRemoteError } from './remote/no-remote-error.ts';
import { openFrames } from './remote/open-frames.ts';
import type { RemoteServer } from './remote/remote-server.ts';
import { secureRequest } from './remote/secure-request.ts';
import { RemoteUploads } from './remote/upload.ts';

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

type Options = Place & {
  /** who asks; a token says it elsewhere */
  readonly user: string;
  /** ends requests under way */
  readonly signal: AbortSignal;
};

/** The server of this machine, or one of another. */
export type Place =
  | {
      readonly socket: string;
      /** the command that starts it, where that is known */
      readonly start?: string | undefined;
    }
  | { readonly remote: RemoteServer };

/** Calls whose fields are paths of the server's own disk. */
const OF_ITS_DISK: readonly string[] = ['images.import', 'images.build', 'images.copyIn'];

const USER_HEADER = 'x-walt-user';
/** The longest that the server takes by design is a wait of 60 s. */
const SILENCE_MS = 120_000;

/** All of its functions throw {NoServerError} if nobody answers, {CommandError} if the server refuses. */
export function createClient(options: Options): Client {
  const frames = framesOf(options);
  const uploads = uploadsOf(options);
  return {
    call: async (name, ...[asked]) => {
      if (await frames?.say(name, asked ?? {})) return {} as never;
      const answer = await send({ ...question(name, asked), timeoutMs: SILENCE_MS }, options);
      return JSON.parse(await textOf(answer, options));
    },
    lines: (name, ...[asked]) => {
      if (uploads !== undefined && OF_ITS_DISK.includes(name)) {
        return sentFirst(uploads, { name, asked }, options) as never;
      }
      const framed = frames?.lines(name, asked ?? {});
      return (framed as never) ?? linesOf(question(name, asked), options);
    },
  };
}

/**
 * Elsewhere a path is one of this machine: it is sent first. So it is to a server that is a user of its own, and reads nothing of
 * other people.
 */
function uploadsOf(options: Options): RemoteUploads | undefined {
  const { signal } = options;
  if (!('remote' in options) && !isOfOwnUser(options.socket)) return undefined;
  return new RemoteUploads({
    open: (path) => {
      const headers = { 'content-type': 'application/octet-stream', connection: 'keep-alive' };
      const common = { method: 'POST', path, signal } as const;
      // A server that closes at once, while something still comes, takes its refusal back: so connections are kept.
      const body =
        'remote' in options
          ? secureRequest({
              ...{ ...common, ...placeOf(options.remote), agent: false },
              headers: { ...headers, ...bearer(options.remote) },
            })
          : request({
              ...common,
              createConnection: () => createConnection(options.socket),
              headers: { ...headers, [USER_HEADER]: options.user },
            });
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        body.once('response', resolve);
        body.once('error', (cause) => reject(signal.aborted ? cause : unreached(options, cause)));
      });
      answered.catch(() => undefined);
      return { body, answered };
    },
    read: async (answer) => {
      // An answer that is read has none any more.
      const { socket } = answer;
      const text = await textOf(answeredBy(answer), options);
      // Nothing else is asked on it, and the server would hold it for a minute.
      socket.destroy();
      if (answer.statusCode !== 200) throw new CommandError(refusal(text, answer.statusCode));
      return JSON.parse(text);
    },
  });
}

/** Whoever may not even look at it is told so when they ask. */
function isOfOwnUser(socket: string): boolean {
  try {
    const { uid } = statSync(socket);
    return uid !== 0 && uid !== process.getuid?.();
  } catch {
    return false;
  }
}

async function* sentFirst(
  uploads: RemoteUploads,
  { name, asked }: { readonly name: CallName; readonly asked: unknown },
  options: Options,
): AsyncGenerator<unknown> {
  const instead = yield* uploads.instead(name, asked ?? {});
  yield* linesOf(question(name, instead), options);
}

/** Elsewhere a console or shell is one connection: keys overtake none before them. */
function framesOf(options: Options): RemoteFrames | undefined {
  if (!('remote' in options)) return undefined;
  const { remote, signal } = options;
  return new RemoteFrames({
    open: (path) => openFrames(path, remote, { signal, refusal }),
    lost: () => unreached(options, new Error('it closed the connection')),
  });
}

type Question = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** what the command gave, by field */
  readonly asked: unknown;
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
  if (method === 'POST') return { method, path, asked, body: Object.fromEntries(others) };
  const query = new URLSearchParams();
  for (const [field, value] of others) query.set(field, String(value));
  return { method, path: query.size === 0 ? path : `${path}?${query}`, asked };
}

async function* linesOf<Line>(question: Question, options: Options): AsyncGenerator<Line> {
  const answer = await send(question, options);
  let rest = '';
  for await (const part of partsOf(answer, options)) {
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

async function send(question: Question, options: Options): Promise<Answered> {
  const answer = await open(question, options).catch((cause: unknown) => {
    throw options.signal.aborted ? cause : unreached(options, cause);
  });
  if (answer.status === 200) return answer;
  const sentence = refusal(await textOf(answer, options), answer.status);
  throw new CommandError(refusedInput(sentence, question.asked));
}

function open(question: Question, options: Options): Promise<Answered> {
  const { method, path, body, timeoutMs = 0 } = question;
  const { user, signal } = options;
  const content = body === undefined ? '' : JSON.stringify(body);
  const type = content === '' ? {} : { 'content-type': 'application/json' };
  const common = { method, path, signal } as const;
  if (!('remote' in options)) {
    const headers = { ...type, [USER_HEADER]: user };
    return askSocket(options.socket, { ...common, headers, timeoutMs, body: content });
  }
  return new Promise((resolve, reject) => {
    const asking = secureRequest({
      ...common,
      ...{ ...placeOf(options.remote), agent: false },
      headers: { ...type, ...bearer(options.remote) },
    });
    asking.once('response', (response) => resolve(answeredBy(response)));
    asking.once('error', reject);
    asking.setTimeout(timeoutMs, () => {
      asking.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
    });
    asking.end(content);
  });
}

function answeredBy(response: IncomingMessage): Answered {
  return { status: response.statusCode ?? 0, parts: response.setEncoding('utf8') };
}

function placeOf({ url, ca }: RemoteServer) {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: port || 443, ...(ca === undefined ? {} : { ca }) };
}

function bearer({ token }: RemoteServer) {
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

function unreached(place: Place, cause: unknown): CommandError {
  if ('remote' in place) return new NoRemoteError(place.remote.url, cause);
  return new NoServerError(place.socket, cause, place.start);
}

async function textOf(answer: Answered, options: Options): Promise<string> {
  let text = '';
  for await (const part of partsOf(answer, options)) text += part;
  return text;
}

async function* partsOf({ parts }: Answered, options: Options): AsyncGenerator<string> {
  try {
    yield* parts;
  } catch (cause) {
    if (options.signal.aborted) throw cause;
    throw unreached(options, new Error('it closed the connection', { cause }));
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
