// Boot files over HTTP, on walt-net only. No decision is taken here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf } from '../errors.ts';
import type { FileOutcome } from '../handlers/find-file.ts';
import { pathOfTarget } from '../protocol/http/request-target.ts';
import { HttpContent } from './http-content.ts';
import { endResponse, sendContent } from './http-response.ts';
import { listen, type RunningServer } from './running-server.ts';

/** How a request for a boot file ended. */
export type HttpTransfer = {
  /** of the client, dotted IPv4 */
  readonly address: string;
  /** of the device with that address, where there is one */
  readonly mac?: string;
  readonly path: string;
  /** of the body */
  readonly bytes: number;
  readonly ms: number;
  /** `aborted`: the client went away; `failed`: the file could not be read, `message` says why */
  readonly outcome: 'complete' | 'aborted' | 'not-found' | 'refused' | 'failed';
  readonly message?: string;
};

/** Where to listen (port 0: any), and who is asked and told. */
export type HttpOptions = {
  readonly address: string;
  readonly port: number;
  /** @param path decoded; undefined result: the path is none of a boot file */
  readonly handler: (path: string, address: string) => Promise<FileOutcome | undefined>;
  readonly onTransfer: (transfer: HttpTransfer) => void;
  readonly onProblem: (reason: unknown) => void;
};

const WELCOME = 'WalT server HTTP service\n';
const ALLOW = { Allow: 'GET, HEAD' };

/** Of what Node's parser cannot take for a request; all else is 400. */
const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: '405 Method Not Allowed',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Starts a server.
 * @throws the error of `listen` if the port is taken or the address is not of this machine
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const server = new HttpServer(options);
  await server.start();
  return server;
}

/** Sends what its handler finds, and tells how that went. */
export class HttpServer implements RunningServer {
  readonly #options: HttpOptions;
  readonly #server: Server;
  #port = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: 30_000 }, (request, response) => {
      this.#answer(request, response).catch((reason: unknown) => {
        response.destroy();
        options.onProblem(reason);
      });
    });
    this.#server.on('connect', (_, socket) => hangUp(socket, '405 Method Not Allowed'));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      hangUp(socket, STATUS_OF[error.code ?? ''] ?? '400 Bad Request');
    });
  }

  /** @throws the error of `listen` if the port is taken or the address is not of this machine */
  async start(): Promise<void> {
    this.#port = await listen(this.#server, this.#options);
  }

  get port(): number {
    return this.#port;
  }

  /** Cuts the transfers that run. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return endResponse(response, 405, { headers: ALLOW });
    }
    const path = pathOfTarget(request.url ?? '');
    if (path === undefined) return endResponse(response, 400);
    if (path === '/') return endResponse(response, 200, { body: WELCOME });
    const started = performance.now();
    const address = request.socket.remoteAddress ?? '';
    const outcome = await this.#options.handler(path, address);
    if (outcome === undefined) return endResponse(response, 404);
    const { found, device } = outcome;
    const sent = await send(request, response, found);
    const ms = Math.round(performance.now() - started);
    const mac = device === undefined ? {} : { mac: device.mac };
    const report = { address, ...mac, path: path.replace(/^\/(boot\/)?/, ''), ms, ...sent };
    this.#options.onTransfer(report);
  }
}

type Sent = Pick<HttpTransfer, 'bytes' | 'outcome' | 'message'>;

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  found: FileOutcome['found'],
): Promise<Sent> {
  if (found.kind === 'not-found' || found.kind === 'refused') {
    endResponse(response, found.kind === 'refused' ? 403 : 404);
    return { bytes: 0, outcome: found.kind };
  }
  let content: HttpContent | undefined;
  try {
    content = await HttpContent.open(found);
    return await sendContent(request, response, content);
  } catch (reason) {
    // A body that ends too early is known by the end of its connection alone.
    if (response.headersSent) response.destroy();
    else endResponse(response, 500);
    return { bytes: 0, outcome: 'failed', message: messageOf(reason) };
  } finally {
    await content?.close();
  }
}

/** Answers what is no request for a path, unless an answer to the request before is on its way. */
function hangUp(socket: Duplex, status: string): void {
  if (!socket.writable || (socket instanceof Socket && socket.bytesWritten > 0)) {
    socket.destroy();
    return;
  }
  const allow = status.startsWith('405') ? `Allow: ${ALLOW.Allow}\r\n` : '';
  socket.end(`HTTP/1.1 ${status}\r\n${allow}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}
