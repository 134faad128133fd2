// Makes calls of the API from a browser, by their names in its table.
import type { Asked as AskedOf, LineOf, ReplyOf } from '../../agent/api/calls/call.ts';
import type { CallName, Calls } from '../../agent/api/calls.ts';
import endpoints from '../../agent/cli/endpoints.json';

/** What a call takes. */
export type Asked<Name extends CallName> = AskedOf<Calls[Name]>;
/** What a call answers with. */
export type Reply<Name extends CallName> = ReplyOf<Calls[Name]>;
/** One line of an answer in lines. */
export type Line<Name extends CallName> = LineOf<Calls[Name]>;

type LinesName = { [Name in CallName]: [Line<Name>] extends [never] ? never : Name }[CallName];
type PlainName = Exclude<CallName, LinesName>;
type Fields<Name extends CallName> =
  Record<never, never> extends Asked<Name> ? [asked?: Asked<Name>] : [asked: Asked<Name>];

/** A call that was refused, or that nobody answered. */
export class CallError extends Error {
  override name = 'CallError' as const;
  /** of HTTP; 0 where nobody answered */
  readonly status: number;
  /** stays the same whatever the sentence says */
  readonly code: string;

  constructor(message: string, { status, code }: { status: number; code: string }) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Calls that say 401 of what somebody has just shown, not of a session. */
const WAYS_IN: readonly CallName[] = ['sessions.logIn', 'sessions.endOpenId', 'users.setPassword'];
const PAGE_HEADER = { 'x-walt-page': '1' };
const whenLoggedOut: (() => void)[] = [];

/** `told` is called when the server says that nobody is logged in any more. */
export function onLoggedOut(told: () => void): void {
  whenLoggedOut.push(told);
}

/** Makes a call whose answer is one value. @throws {CallError} */
export async function call<Name extends PlainName>(
  name: Name,
  ...[asked]: Fields<Name>
): Promise<Reply<Name>> {
  const response = await send(name, asked);
  return await response.json();
}

/** Makes a call whose answer comes in lines, and gives each as it comes. @throws {CallError} */
export async function* lines<Name extends LinesName>(
  name: Name,
  asked: Asked<Name>,
  signal?: AbortSignal,
): AsyncGenerator<Line<Name>[]> {
  const { body } = await send(name, asked, signal);
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const texts = `${rest}${part.value}`.split('\n');
    rest = texts.pop() ?? '';
    if (texts.length > 0) yield texts.map((text) => lineOf<Line<Name>>(text));
  }
}

/** A line with nothing but a sentence says why no other one comes. */
function lineOf<Value>(text: string): Value {
  const line = JSON.parse(text);
  const names = Object.keys(line);
  if (names.length === 1 && names[0] === 'error') {
    throw new CallError(String(line.error), { status: 200, code: 'refused' });
  }
  return line;
}

async function send(name: CallName, asked: unknown, signal?: AbortSignal): Promise<Response> {
  const { url, init } = requestOf(endpoints[name], asked);
  const ends = signal === undefined ? {} : { signal };
  const response = await fetch(url, { ...init, ...ends }).catch((reason: unknown) => {
    if (signal?.aborted) throw reason;
    throw new CallError('The server does not answer.', { status: 0, code: 'no-answer' });
  });
  if (response.ok) return response;
  const { error = `The server answered with status ${response.status}.`, code = 'fault' } =
    await response.json().catch(() => ({}));
  if (response.status === 401 && !WAYS_IN.includes(name)) for (const told of whenLoggedOut) told();
  throw new CallError(error, { status: response.status, code });
}

/** Where a call is that a browser makes itself, as a download. */
export function pathOf<Name extends CallName>(name: Name, asked: Asked<Name>): string {
  return requestOf(endpoints[name], asked).url;
}

/** Puts each value where the call has it: in the path, and the others in the query of a GET or the body of a POST. */
export function requestOf(
  { method, path: template }: { method: string; path: string },
  asked: unknown,
) {
  const given = Object.entries(asked ?? {}).filter(([, value]) => value !== undefined);
  const others = new Map<string, unknown>(given);
  const path = template.replaceAll(/:(\w+)/g, (_, field: string) => {
    const value = others.get(field);
    others.delete(field);
    return encodeURIComponent(String(value));
  });
  if (method === 'POST') {
    const headers = { ...PAGE_HEADER, 'content-type': 'application/json' };
    return {
      url: path,
      init: { method, headers, body: JSON.stringify(Object.fromEntries(others)) },
    };
  }
  const query = new URLSearchParams([...others].map(([field, value]) => [field, String(value)]));
  return {
    url: query.size === 0 ? path : `${path}?${query}`,
    init: { method, headers: PAGE_HEADER },
  };
}
