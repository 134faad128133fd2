// Connections that become WebSockets (RFC 6455). They go the way of every other request first, so that who asks, their right and what
// they ask are checked in the same places.
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { messageOf, RequestError } from '../../errors.ts';
import type { Session } from '../calls/call.ts';
import { frameLink } from './frame-link.ts';

type Waiting = {
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly response: ServerResponse;
};

type Ends = { readonly gone: () => void; readonly lost?: AbortSignal };

/** What a client sends at once. */
const LONGEST_FRAME = 256 * 1024;
/**
 * So often something is sent, for networks that forget who says nothing; and after so long a system that has gone without a word is
 * asked by TCP. No answer to a ping says nothing: who shows all this to somebody who reads slowly reads no ping either.
 */
const PING_MS = 20_000;
/** Milliseconds in which who is refused may read why. Node.js looks after such a connection no more: it would stay for ever. */
const LAST_WORD_MS = 5000;

/** Those of one server. */
export class Upgrades {
  readonly #onProblem: (reason: unknown) => void;
  readonly #pingMs: number;
  readonly #lastWordMs: number;
  readonly #waiting = new WeakMap<IncomingMessage, Waiting>();
  #made: WebSocketServer | undefined;

  constructor(
    onProblem: (reason: unknown) => void,
    {
      pingMs = PING_MS,
      lastWordMs = LAST_WORD_MS,
    }: Partial<Record<'pingMs' | 'lastWordMs', number>> = {},
  ) {
    this.#onProblem = onProblem;
    this.#pingMs = pingMs;
    this.#lastWordMs = lastWordMs;
  }

  /** Few servers ever have one, and what makes them is compiled when it is first used. */
  get #webSockets(): WebSocketServer {
    this.#made ??= new WebSocketServer({
      ...{ noServer: true, perMessageDeflate: false, maxPayload: LONGEST_FRAME },
    });
    return this.#made;
  }

  /**
   * @param route answers a request as any other
   * @param isOfFrames whether a WebSocket is answered at a URL
   */
  listen(
    server: Server,
    route: (request: IncomingMessage, response: ServerResponse) => void,
    isOfFrames: (url: string) => boolean,
  ): void {
    // What asks for another protocol (curl for HTTP/2), or for a WebSocket elsewhere, is answered as if it had not: in turn, and within
    // the limits of its connection.
    const shouldUpgradeCallback = ({ method, url = '', headers }: IncomingMessage) =>
      method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isOfFrames(url);
    Object.assign(server, { shouldUpgradeCallback });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      if (!isAssigned(response, socket)) return void socket.destroy();
      response.once('finish', () => {
        socket.end();
        setTimeout(() => socket.destroy(), this.#lastWordMs).unref();
      });
      this.#waiting.set(request, { socket, head, response });
      route(request, response);
    });
  }

  /** @throws {RequestError} if the request asks for no WebSocket */
  check(request: IncomingMessage): void {
    if (!this.#waiting.has(request)) {
      const reason = 'expected a request for a WebSocket (header upgrade: websocket)';
      throw new RequestError(426, `Cannot answer this call: ${reason}`, { code: 'no-websocket' });
    }
    refuseOddHandshake(request);
    const { authorization, cookie, origin } = request.headers;
    // Browsers say it of each WebSocket, and send cookies to it whatever page opened it.
    if (authorization === undefined && cookie !== undefined && origin === undefined) {
      const reason = 'a WebSocket that goes by a cookie has to say of which page it is';
      throw new RequestError(403, `Cannot answer this call: ${reason}`, { code: 'other-origin' });
    }
  }

  /**
   * Runs the session until it or the client ends.
   * @param ends gone: called when the client has gone, or may not go on; lost: aborts when they may not, with the reason that they are told
   */
  begin(request: IncomingMessage, session: Session, ends: Ends): void {
    const { gone } = ends;
    const waiting = this.#waiting.get(request);
    if (waiting === undefined) return;
    const { socket, head, response } = waiting;
    response.detachSocket(socket as never);
    socket.once('close', gone);
    if (socket instanceof Socket) socket.setKeepAlive(true, this.#pingMs);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#run(webSocket, session, ends).catch(this.#onProblem);
    });
  }

  /** Ends all of them. */
  close(): void {
    const clients = this.#made?.clients ?? [];
    for (const client of clients) client.close(1001, 'the server ends');
    for (const client of clients) client.terminate();
  }

  async #run(webSocket: WebSocket, session: Session, { gone, lost }: Ends): Promise<void> {
    const stop = keepAlive(webSocket, this.#pingMs);
    const link = frameLink(webSocket);
    const tell = () => link.send({ type: 'error', error: messageOf(lost?.reason) }).then(gone);
    lost?.addEventListener('abort', tell, { once: true });
    // Too long a frame, or one that is none: the connection ends by it.
    webSocket.on('error', () => webSocket.terminate());
    try {
      await session(link);
      webSocket.close(1000);
    } catch (reason) {
      webSocket.close(1011, 'the server failed');
      throw reason;
    } finally {
      stop();
    }
  }
}

/** What `ws` would refuse later, past those who say why and write down that it began. RFC 6455 §4.2.1. */
function refuseOddHandshake({ headers }: IncomingMessage): void {
  if (!['8', '13'].includes(headers['sec-websocket-version'] ?? '')) {
    throw new RequestError(426, 'Cannot answer this call: expected sec-websocket-version: 13', {
      code: 'no-websocket',
    });
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) {
    const reason = 'expected header sec-websocket-key with 16 bytes in base64';
    throw new RequestError(400, `Cannot answer this call: ${reason}`);
  }
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** @returns false where the answer to a request before this one is still on its way: nobody has to ask ahead for a WebSocket */
function isAssigned(response: ServerResponse, socket: Duplex): boolean {
  try {
    // It takes any stream: https://nodejs.org/api/http.html#responseassignsocketsocket
    response.assignSocket(socket as never);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_HTTP_SOCKET_ASSIGNED') throw thrown;
    return false;
  }
}

function keepAlive(webSocket: WebSocket, ms: number): () => void {
  const timer = setInterval(() => webSocket.ping(), ms);
  const stop = () => clearInterval(timer);
  webSocket.once('close', stop);
  return stop;
}
