// A client of a WalT server: every call of its API, and what most programs need.
import { type Calls, ENDPOINTS, type Endpoint } from './calls.ts';
import { events, jsonLines, type PlatformEvent } from './pieces.ts';
import { Session } from './session.ts';
import type { Answer, Transport } from './transport.ts';
import { WaltError } from './walt-error.ts';

type Name = keyof Calls;
/** The names of calls whose answers are of a kind. */
export type NameOf<Kind extends string> = {
  [Each in Name]: Calls[Each]['kind'] extends Kind ? Each : never;
}[Name];
/** What a call takes. */
export type Asked<Each extends Name> = Calls[Each]['asked'];
/** What a call answers with; of lines and events each. */
export type Reply<Each extends Name> = Calls[Each]['reply'];
type Given<Each extends Name> =
  Record<never, never> extends Asked<Each>
    ? [asked?: Asked<Each>, how?: How]
    : [asked: Asked<Each>, how?: How];

/** How a call is made. */
export type How = {
  readonly signal?: AbortSignal;
  /** of events: goes on behind this one */
  readonly after?: string;
  /** what is sent, where the call takes bytes */
  readonly body?: AsyncIterable<Uint8Array>;
};

/** What became of a command on a node. */
export type Ran = {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** why it did not run to its end */
  readonly error: string | null;
};

/** Makes calls. `connect` of the package makes one. */
export class Client {
  readonly #transport: Transport;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers that say who asks */
  constructor(transport: Transport, headers: Readonly<Record<string, string>>) {
    this.#transport = transport;
    this.#headers = headers;
  }

  /** Makes a call whose answer is one value. @throws {WaltError} if the server refuses */
  async call<Each extends NameOf<'value'>>(
    name: Each,
    ...given: Given<Each>
  ): Promise<Reply<Each>> {
    return JSON.parse(await this.#text(name, given)) as Reply<Each>;
  }

  /** Makes a call whose answer is a text. @throws {WaltError} if the server refuses */
  async text<Each extends NameOf<'text'>>(name: Each, ...given: Given<Each>): Promise<string> {
    return await this.#text(name, given);
  }

  /** Makes a call whose answer comes in lines. @throws {WaltError} if the server refuses, also later */
  async *lines<Each extends NameOf<'lines'>>(
    name: Each,
    ...given: Given<Each>
  ): AsyncGenerator<Reply<Each>> {
    yield* jsonLines<Reply<Each>>((await this.#ask(name, given)).bytes);
  }

  /** Makes a call whose answer is a file, and gives its bytes as they come. @throws {WaltError} if the server refuses */
  async *bytes<Each extends NameOf<'bytes'>>(
    name: Each,
    ...given: Given<Each>
  ): AsyncGenerator<Uint8Array> {
    yield* (await this.#ask(name, given)).bytes;
  }

  /** Follows the events, until the signal aborts or nobody reads on. @throws {WaltError} if the server refuses */
  async *events(
    ...given: Given<'events.follow'>
  ): AsyncGenerator<PlatformEvent<Reply<'events.follow'>>> {
    yield* events<Reply<'events.follow'>>((await this.#ask('events.follow', given)).bytes);
  }

  /** Opens a console or shell. @throws {WaltError} if the server refuses */
  async open<Each extends NameOf<'frames'>>(
    name: Each,
    ...[asked]: Given<Each>
  ): Promise<Session<Reply<Each>>> {
    const { path } = placed(endpointOf(name), asked ?? {});
    try {
      return new Session(await this.#transport.open(path, this.#headers));
    } catch (reason) {
      if (!(reason instanceof Error && 'answer' in reason)) throw reason;
      const answer = reason.answer as AsyncIterable<Uint8Array> & { readonly statusCode: number };
      throw await refusal({ status: answer.statusCode, bytes: answer });
    }
  }

  /** All nodes. */
  async nodes(): Promise<Reply<'nodes.list'>['nodes']> {
    return (await this.call('nodes.list')).nodes;
  }

  /** All images of the server. */
  async images(): Promise<Reply<'images.list'>['images']> {
    return (await this.call('images.list')).images;
  }

  /** Resolves when all of these nodes are booted. @throws {WaltError} with code `timeout` if they are not within so many seconds */
  async wait(names: readonly string[], { seconds = Number.POSITIVE_INFINITY } = {}): Promise<void> {
    for (let waited = 0; ; waited += 60) {
      const timeoutSeconds = Math.max(0, Math.min(60, seconds - waited));
      const { missing } = await this.call('nodes.wait', { names, timeoutSeconds });
      if (missing.length === 0) return;
      if (waited + timeoutSeconds < seconds) continue;
      const message = `Not booted within ${seconds} s: ${missing.join(', ')}`;
      throw new WaltError(message, { code: 'timeout' });
    }
  }

  /** Runs a command of the shell on nodes, and collects what it says on each. @throws {WaltError} if the server refuses */
  async run(names: readonly string[], command: string): Promise<ReadonlyMap<string, Ran>> {
    const found = new Map<string, Ran>();
    const decoders = new Map<string, TextDecoder>();
    const of = (node: string) => found.get(node) ?? { status: null, out: '', err: '', error: null };
    for await (const line of this.lines('nodes.run', { names, command })) {
      if (line.kind === 'failed') throw new WaltError(line.error);
      if (line.kind === 'ended') {
        found.set(line.node, { ...of(line.node), status: line.status, error: line.error });
      }
      if (line.kind !== 'output') continue;
      const part = line.isError ? 'err' : 'out';
      const key = `${part} ${line.node}`;
      const decoder = decoders.get(key) ?? new TextDecoder();
      decoders.set(key, decoder);
      const bytes = Uint8Array.from(atob(line.data), (letter) => letter.charCodeAt(0));
      const before = of(line.node);
      const text = before[part] + decoder.decode(bytes, { stream: true });
      found.set(line.node, { ...before, [part]: text });
    }
    return found;
  }

  async #text(name: Name, given: readonly [asked?: object, how?: How]): Promise<string> {
    return await textOf((await this.#ask(name, given)).bytes);
  }

  async #ask(
    name: Name,
    [asked = {}, how = {}]: readonly [asked?: object, how?: How],
  ): Promise<Answer> {
    const endpoint = endpointOf(name);
    const { path, body } = placed(endpoint, asked);
    const { signal, after, body: bytes } = how;
    const type = endpoint.takesBytes === true ? 'application/octet-stream' : 'application/json';
    const isSent = endpoint.takesBytes === true || body !== undefined;
    const answer = await this.#transport.ask({
      ...{ method: endpoint.method, path, signal },
      body: endpoint.takesBytes === true ? bytes : body,
      headers: {
        ...this.#headers,
        ...(isSent ? { 'content-type': type } : {}),
        ...(after === undefined ? {} : { 'last-event-id': after }),
      },
    });
    if (answer.status === 200) return answer;
    throw await refusal(answer);
  }
}

/** @throws {TypeError} if there is no such call: JavaScript checks no names */
function endpointOf(name: Name): Endpoint {
  if (Object.hasOwn(ENDPOINTS, name)) return ENDPOINTS[name];
  throw new TypeError(`There is no call '${name}'. The calls are in docs/api.md`);
}

/** Puts each value where the call has it. */
function placed({ method, path: template, takesBytes }: Endpoint, asked: object) {
  const others = new Map(Object.entries(asked).filter(([, value]) => value !== undefined));
  const path = template.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const value = others.get(field);
    others.delete(field);
    return encodeURIComponent(String(value));
  });
  if (method === 'POST' && takesBytes !== true) {
    return { path, body: JSON.stringify(Object.fromEntries(others)) };
  }
  const query = new URLSearchParams([...others].map(([name, value]) => [name, String(value)]));
  return { path: query.size === 0 ? path : `${path}?${query}`, body: undefined };
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of bytes) text += decoder.decode(part, { stream: true });
  return text + decoder.decode();
}

async function refusal({ status, bytes }: Answer): Promise<WaltError> {
  const text = await textOf(bytes);
  try {
    const { error, code } = JSON.parse(text) as { error: string; code: string };
    return new WaltError(error, { status, code });
  } catch {
    return new WaltError(`The server answered ${status}: ${text.slice(0, 200)}`, { status });
  }
}
