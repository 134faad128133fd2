// A real provider of OpenID Connect (npm's oidc-provider) by HTTPS on loopback: a page asks who somebody is and believes it.
// Where a test wants it, it lies.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import OidcProvider, { type Context } from 'oidc-provider';
import { type Lie, lied } from './lies.ts';

/** Who is known there, by what never changes of them. */
export type Persons = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a provider is made of. */
export type OpenIdOptions = {
  readonly port: number;
  /** PEM; of address 127.0.0.1 */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly persons: Persons;
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string };
};

/** A provider that runs. */
export type OpenIdProvider = {
  readonly issuer: string;
  /** what it does in place of what it should */
  lie: Lie | undefined;
  /** paths that it was asked for, the oldest first */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
};

/** What it keeps, each for ten minutes. */
const KEPT = ['AccessToken', 'Grant', 'IdToken', 'Interaction', 'Session'];
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** Starts it, and waits until it listens. */
export async function startOpenIdProvider(options: OpenIdOptions): Promise<OpenIdProvider> {
  const issuer = `https://127.0.0.1:${options.port}`;
  const provider = makeProvider(issuer, options);
  const answer = provider.callback();
  const running = {
    ...{ issuer, lie: undefined as Lie | undefined, asked: [] as string[] },
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(options.tls, (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    running.asked.push(path);
    if (running.lie === 'hang') return;
    if (running.lie !== undefined) lied(running.lie, { path, response, key: KEY });
    if (response.writableEnded) return;
    if (path.startsWith('/interaction/')) interact(provider, request, response);
    else answer(request, response);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return running;
}

function makeProvider(issuer: string, { persons, client }: OpenIdOptions): OidcProvider {
  const provider: OidcProvider = new OidcProvider(issuer, {
    clients: [
      {
        ...{ client_id: client.id, client_secret: client.secret },
        ...{ redirect_uris: [client.redirectUri], response_types: ['code'] },
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...persons[id] }),
    }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    jwks: { keys: [{ ...KEY.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['of a lab'] },
    ttl: Object.fromEntries(KEPT.map((kind) => [kind, 600])),
    pkce: { required: () => true },
    // Nobody is asked what this server may know.
    loadExistingGrant: async ({ oidc: { client: known, session, params } }: Context) => {
      const grant = new provider.Grant({ ...known, accountId: session.accountId });
      grant.addOIDCScope(params.scope ?? 'openid');
      await grant.save();
      return grant;
    },
  });
  return provider;
}

/** Asks for a name; who says none was refused. */
async function interact(
  provider: OidcProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><title>Provider</title><link rel="icon" href="data:,"><form method="post"><label>Who are you? <input name="login"></label><button>I am</button></form>',
    );
    return;
  }
  const accountId = new URLSearchParams(await text(request)).get('login');
  const refusal = { error: 'access_denied', error_description: 'nobody is called so' };
  const result = accountId ? { login: { accountId } } : refusal;
  await provider.interactionFinished(request, response, result);
}
