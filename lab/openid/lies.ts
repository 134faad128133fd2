// What a provider says that is not so, or that nobody can read.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Each spoils one answer of the provider. */
export type Lie =
  | 'hang'
  | 'fault'
  | 'garbage'
  | 'huge'
  | 'redirect'
  | 'other discovery'
  | 'page without TLS'
  | 'other issuer'
  | 'other audience'
  | 'other nonce'
  | 'expired'
  | 'wrong signature'
  | 'unknown key'
  | 'no signature'
  | 'no token'
  | 'other user';

type Answer = {
  readonly path: string;
  readonly response: ServerResponse;
  /** by which the provider signs */
  readonly key: KeyObject;
};
type Fields = Record<string, unknown>;

const DISCOVERY = '/.well-known/openid-configuration';
/** Of other answers than tokens. */
const FIELDS: Partial<Record<Lie, { readonly path: string; readonly fields: Fields }>> = {
  'other discovery': { path: DISCOVERY, fields: { issuer: 'https://other.example' } },
  'page without TLS': {
    path: DISCOVERY,
    fields: { authorization_endpoint: 'javascript:alert(1)' },
  },
  'other user': { path: '/me', fields: { sub: 'somebody-else' } },
};
const FOREIGN = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
/** Octets of an answer that nobody would keep in memory. */
const HUGE = 64 * 2 ** 20;

/** Changes the answer before it is sent, where the lie is about it. */
export function lied(lie: Lie, answer: Answer): void {
  const { path, response } = answer;
  const field = FIELDS[lie];
  if (field?.path === path) change(response, (fields) => ({ ...fields, ...field.fields }));
  if (path !== '/token' || field !== undefined) return;
  switch (lie) {
    case 'fault':
      response.writeHead(500).end();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id_token":');
      return;
    case 'redirect':
      response.writeHead(307, { location: 'https://127.0.0.1:1/token' }).end();
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(HUGE, 0x20));
      return;
    default:
      change(response, (fields) => ({ ...fields, ...tokenOf(lie, answer, fields) }));
  }
}

function tokenOf(lie: Lie, { key }: Answer, { id_token: token }: Fields): Fields {
  const [head = '', body = '', signature = ''] = String(token).split('.');
  const header: Fields = JSON.parse(Buffer.from(head, 'base64url').toString());
  const claims: Fields = JSON.parse(Buffer.from(body, 'base64url').toString());
  const signed = (changes: Fields, by = key, kid = header.kid) => ({
    id_token: jwt({ ...header, kid }, { ...claims, ...changes }, by),
  });
  switch (lie) {
    case 'other issuer':
      return signed({ iss: 'https://other.example' });
    case 'other audience':
      return signed({ aud: 'another-client' });
    case 'other nonce':
      return signed({ nonce: 'of-another' });
    case 'expired':
      return signed({ exp: Number(claims.iat) - 600, iat: Number(claims.iat) - 1200 });
    case 'wrong signature':
      return signed({}, FOREIGN);
    case 'unknown key':
      return signed({}, FOREIGN, 'foreign');
    case 'no signature':
      return { id_token: `${encoded({ ...header, alg: 'none' })}.${body}.${signature}` };
    case 'no token':
      return { id_token: undefined };
    default:
      return {};
  }
}

function jwt(header: Fields, claims: Fields, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function encoded(fields: Fields): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** oidc-provider ends an answer with all of its text at once. */
function change(response: ServerResponse, changed: (fields: Fields) => Fields): void {
  const end = response.end.bind(response);
  response.end = ((text: unknown) => {
    const body = JSON.stringify(changed(JSON.parse(String(text))));
    response.setHeader('content-length', Buffer.byteLength(body));
    return end(body);
  }) as typeof response.end;
}
