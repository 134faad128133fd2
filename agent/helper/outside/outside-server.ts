// An HTTP proxy (RFC 9110 §3.7, §9.3.6) into the network of the machine, for a server whose walt-net is virtual and leads nowhere.
import { lookup } from 'node:dns/promises';
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, WaltError } from '../../errors.ts';
import { type HouseProxy, throughHouseProxy } from './house-proxy.ts';
import { isOfThisMachine } from './places.ts';

type Options = {
  /** places on the machine itself that may be asked, as `localhost:5000`: registries of the configuration */
  readonly ownPlaces: () => Promise<ReadonlySet<string>>;
  /** by which this machine reaches others, if it cannot by itself */
  readonly houseProxy?: HouseProxy | undefined;
  readonly print: (line: string) => void;
  /** Called whenever nobody is connected any more. */
  readonly onQuiet?: () => void;
};

/** Where something is to be asked; `address` is what `host` is called in the network. */
type Place = { readonly host: string; readonly port: number; readonly address: string };

const MOST_CONNECTIONS = 256;
const HEAD_MS = 10_000;
const CONNECT_MS = 15_000;
/** A registry that prepares a large layer says nothing for a while. */
const SILENCE_MS = 300_000;
/** RFC 9110 §7.6.1: they concern one connection. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'upgrade',
];
const TLS_PORT = 443;
const HTTP_PORT = 80;

/** A server that listens nowhere yet. */
export function outsideServer(options: Options): Server {
  const { onQuiet = () => undefined } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ headersTimeout: HEAD_MS, requestTimeout: 0 }, (asked, answer) => {
    forward(asked, answer, options).catch((thrown) => refuse(answer, thrown, options));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) onQuiet();
    });
  });
  server.on('connect', (asked, socket, head) => {
    tunnel(asked, { socket, head }, options).catch((thrown) => {
      options.print(`${asked.url}: ${messageOf(thrown)}`);
      socket.end(
        `HTTP/1.1 ${statusLine(thrown)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      );
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

type Client = { readonly socket: Duplex; readonly head: Buffer };

/** CONNECT: bytes of both sides go through as they are. */
async function tunnel({ url = '' }: IncomingMessage, { socket, head }: Client, options: Options) {
  const place = await placeOf(`https://${url}`, TLS_PORT, options);
  const { houseProxy } = options;
  const there =
    houseProxy === undefined || isOfThisMachine(place.address)
      ? await connected(place)
      : await throughHouseProxy(houseProxy, place);
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  there.write(head);
  there.setTimeout(SILENCE_MS, () => there.destroy());
  // Each end that breaks ends the other.
  await Promise.allSettled([pipeline(socket, there), pipeline(there, socket)]);
}

/** A request for plain HTTP, with the whole URL in its first line. */
async function forward(asked: IncomingMessage, answer: ServerResponse, options: Options) {
  const { url = '', method } = asked;
  if (!url.startsWith('http://')) throw new RefusedError('expected a URL that begins with http://');
  const { host, port, address } = await placeOf(url, HTTP_PORT, options);
  const headers = withoutHopByHop(asked.headers);
  const { pathname, search } = new URL(url);
  const there = request({
    ...{ host: address, port, method, headers: { ...headers, host: `${host}:${port}` } },
    ...{ path: `${pathname}${search}`, timeout: SILENCE_MS, agent: false },
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  there.once('response', resolve).once('error', reject);
  there.once('timeout', () => there.destroy(new Error('it does not answer')));
  answer.once('close', () => there.destroy());
  asked.pipe(there);
  const response = await promise;
  answer.writeHead(response.statusCode ?? 502, withoutHopByHop(response.headers));
  await pipeline(response, answer);
}

/** @throws {RefusedError} where nobody is to be asked there */
async function placeOf(url: string, usual: number, { ownPlaces }: Options): Promise<Place> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.hostname === '') throw new RefusedError('expected host:port');
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = parsed.port === '' ? usual : Number(parsed.port);
  const address = isIP(host) > 0 ? host : (await lookup(host)).address;
  // What a name stands for is asked once: it may be another address the next time.
  if (isOfThisMachine(address) && !(await ownPlaces()).has(`${host}:${port}`)) {
    throw new RefusedError(
      `${host}:${port} is this machine itself, and no registry of the configuration (images.registries)`,
    );
  }
  return { host, port, address };
}

async function connected({ address, port }: Place): Promise<Socket> {
  const socket = connect({ host: address, port });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve).once('error', reject);
  const timer = setTimeout(() => reject(new Error('it does not answer')), CONNECT_MS);
  try {
    await promise;
    return socket.on('error', () => undefined);
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

class RefusedError extends WaltError {
  override name = 'RefusedError' as const;
}

function refuse(answer: ServerResponse, thrown: unknown, { print }: Options): void {
  print(messageOf(thrown));
  if (answer.headersSent) return void answer.destroy();
  answer.writeHead(thrown instanceof RefusedError ? 403 : 502, { 'content-type': 'text/plain' });
  answer.end(`${messageOf(thrown)}\n`);
}

function statusLine(thrown: unknown): string {
  return thrown instanceof RefusedError ? '403 Forbidden' : '502 Bad Gateway';
}

function withoutHopByHop(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const named = String(headers.connection ?? '').split(',');
  const dropped = new Set([...HOP_BY_HOP, ...named].map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}
