// Tokens with which a registry lets somebody in for some minutes (distribution.github.io, "Token Authentication
// Specification"): the registry names who gives them, the realm.
import type { Challenge } from './challenge.ts';
import { isLoopback } from './open-response.ts';
import { RegistryError } from './registry-error.ts';
import { smallRequest } from './small-request.ts';

/** A token, and when another is to be asked for. */
export type Token = {
  readonly text: string;
  /** as performance.now() counts */
  readonly renewAt: number;
};

type Options = {
  /** of the repository and what is done with it, where the challenge says nothing */
  readonly scope: string;
  /** for `Authorization: Basic` */
  readonly credentials: string | undefined;
  /** the registry itself is spoken to by plain HTTP */
  readonly http: boolean;
  readonly ca?: string;
  readonly signal?: AbortSignal;
};

type Reply = {
  readonly token?: unknown;
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
};

const MOST_BYTES = 256 * 1024;
/** Where a realm says nothing of it. */
const USUAL_SECONDS = 60;
/** A token is used for this part of its life: what it was asked for takes a while too. */
const SHARE = 0.8;

/**
 * The credentials go to the realm that the registry names, over TLS, or where realm and registry are this machine.
 * @throws {RegistryError} if the realm gives no token
 */
export async function askForToken({ params }: Challenge, options: Options): Promise<Token> {
  const { credentials, scope: own, http, ...asking } = options;
  const url = realmOf(params.realm ?? '', http);
  if (params.service !== undefined) url.searchParams.set('service', params.service);
  const scopes = (params.scope ?? own).split(' ').filter((scope) => scope !== '');
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const headers = credentials === undefined ? {} : { authorization: `Basic ${credentials}` };
  const answer = await smallRequest(url.href, { ...asking, headers, limit: MOST_BYTES });
  if (answer.status === 401 || answer.status === 403) {
    const whose =
      credentials === undefined ? 'nobody without a login' : 'not this user or password';
    throw new RegistryError('failed', `access is denied: ${url.host} lets in ${whose}`);
  }
  if (answer.status !== 200) {
    throw new RegistryError('failed', `${url.host} gives no token (HTTP status ${answer.status})`);
  }
  return tokenIn(answer.body, url.host);
}

/** Plain HTTP is for a registry of this machine, and then to this machine alone. */
function realmOf(text: string, http: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isFit =
    url?.protocol === 'https:' || (http && url?.protocol === 'http:' && isLoopback(url));
  if (url !== undefined && isFit && url.username === '' && url.password === '') return url;
  throw new RegistryError(
    'failed',
    `it wants a token from ${url?.origin ?? 'nowhere'}, which is not asked: expected an address with https`,
  );
}

function tokenIn(body: Buffer, host: string): Token {
  const reply = parsed(body);
  const text = reply.token ?? reply.access_token;
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) {
    throw new RegistryError('failed', `${host} answers without a token`);
  }
  const { expires_in: life } = reply;
  const seconds = typeof life === 'number' && life > 0 ? life : USUAL_SECONDS;
  return { text, renewAt: performance.now() + seconds * 1000 * SHARE };
}

function parsed(body: Buffer): Reply {
  try {
    return (JSON.parse(body.toString()) ?? {}) as Reply;
  } catch {
    return {};
  }
}
