// A client of a WalT server, for browsers and for Node.js.
import { Client } from './client.ts';
import { webTransport } from './web.ts';

export type { Calls } from './calls.ts';
export { type Asked, Client, type How, type NameOf, type Ran, type Reply } from './client.ts';
export type { PlatformEvent } from './pieces.ts';
export type { Said, Session } from './session.ts';
export { WaltError } from './walt-error.ts';

/** Which server, and who asks. */
export type Place = {
  /** as `https://192.0.2.1:8443`; without it the page's own server, or in Node.js the socket of this machine */
  readonly server?: string;
  /** made by `walt token create`; a page has its session instead */
  readonly token?: string;
  /** PEM of the server's authority, where nothing else makes it known; Node.js alone */
  readonly ca?: string;
  /** path of the socket of this machine's server; Node.js alone */
  readonly socket?: string;
  /** for whom root acts by the socket */
  readonly user?: string;
};

const USUAL_SOCKET = '/run/walt/walt-server.sock';

/** A client of this server. Nothing is sent yet. @throws {TypeError} if the server is no URL with https:// */
export async function connect(place: Place = {}): Promise<Client> {
  const { server = '', token, ca, socket, user } = place;
  if (server !== '' && !server.startsWith('https://')) {
    throw new TypeError(`Cannot use server ${server}: expected it to begin with https://`);
  }
  const proof = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (typeof document !== 'undefined') {
    // A page that goes by its session has to say that it is one.
    return new Client(webTransport(server), token === undefined ? { 'x-walt-page': '1' } : proof);
  }
  const { nodeTransport } = await import('./node.ts');
  if (server !== '')
    return new Client(nodeTransport({ server: server.replace(/\/$/, ''), ca }), proof);
  const asker = user === undefined ? {} : { 'x-walt-user': user };
  return new Client(nodeTransport({ socket: socket ?? USUAL_SOCKET }), asker);
}

/** The server that WALT_SERVER, WALT_TOKEN and WALT_CA (a file) name, else that of this machine (WALT_SOCKET, WALT_USER). Node.js alone. */
export async function connectByEnvironment(): Promise<Client> {
  const { readFile } = await import('node:fs/promises');
  const { WALT_SERVER, WALT_TOKEN, WALT_CA, WALT_SOCKET, WALT_USER, USER } = process.env;
  if (WALT_SERVER) {
    const ca = WALT_CA ? { ca: await readFile(WALT_CA, 'utf8') } : {};
    return await connect({
      server: WALT_SERVER,
      ...(WALT_TOKEN ? { token: WALT_TOKEN } : {}),
      ...ca,
    });
  }
  const user = WALT_USER || USER;
  return await connect({ socket: WALT_SOCKET || USUAL_SOCKET, ...(user ? { user } : {}) });
}
