// Boot files over HTTP, on walt-net only. No decision is taken here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../../errors.ts';
import type { FileOutcome } from '../../handlers/files/find-file.ts';
import { pathOfTarget } from '../../protocol/http/request-target.ts';
import { SharedChunks } from '../files/shared-chunks.ts';
import { Admission } from '../limits/admission.ts';
import { ConnectionShares } from '../limits/connection-shares.ts';
import { LIMITS, type LimitName, type OnLimit } from '../limits/table.ts';
import { type ListenPlace, listen, type RunningServer } from '../running-server.ts';
import { answersInTurn } from './answers-in-turn.ts';
import { type FileChunks, HttpContent } from './content.ts';
import { ALLOW, addressOf, endFailed, hangUp, limitOf, statusOf } from './hang-up.ts';
import { admissionOf, HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { endResponse, sendContent } from './response.ts';
import { SendTurns } from './send-turns.ts';

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

/** What else a request says. */
export type HttpAsked = {
  /** of the client */
  readonly port: number;
  readonly query: URLSearchParams;
  /** header of this name */
  readonly prefer: string;
  /** header `user-agent`: the program that asks */
  readonly agent: string;
};

/** Where to listen, and who is asked and told. */
export type HttpOptions = ListenPlace & {
  /** @param path decoded; undefined result: the path is none of a boot file */
  readonly handler: (
    path: string,
    address: string,
    from: HttpAsked,
  ) => Promise<FileOutcome | undefined>;
  readonly onTransfer: (transfer: HttpTransfer) => void;
  readonly onProblem: (reason: unknown) => void;
  /** may this address be served? */
  readonly isServed: (address: string) => boolean;
  /** is it the address of a node? */
  readonly isKnown: (address: string) => boolean;
  readonly onLimit: OnLimit;
  /** in place of what the table of limits says */
  readonly limits?: Partial<HttpLimits>;
};

const WELCOME = 'WalT server HTTP service\n';
/** Milliseconds; who is late is noticed so much later at most. */
const LATENESS_MS = 5000;
const IDLE_LOOK_MS = 100;
const HIGHEST_PORT = 65_535;
/** Of files, kept in memory for the next who asks: kernel and initrd of an image or two. */
const SHARED_BYTES = 32 * 1024 * 1024;

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
  readonly #shares: ConnectionShares;
  readonly #boots: Admission;
  readonly #media: Admission;
  readonly #sending: Sending = { chunks: new SharedChunks(SHARED_BYTES), turns: new SendTurns() };
  #port = 0;
  #isDraining = false;

  constructor(options: HttpOptions) {
    const { isKnown, onLimit } = options;
    const limits = { ...HTTP_LIMITS, ...options.limits };
    this.#options = options;
    const onFull = (address: string) => onLimit('http-connections', address);
    this.#shares = new ConnectionShares({ ...limits.connections, isKnown, onFull });
    const waits = (limit: LimitName) => (address: string) => onLimit(limit, address);
    const ofBoots = { isKnown, onWait: waits('http-answers') };
    this.#boots = new Admission(admissionOf('answers', limits), ofBoots);
    // Before a medium all are alike: nodes boot from other files.
    this.#media = new Admission(admissionOf('media', limits), { onWait: waits('http-media') });
    this.#server = this.#listener(limits);
    this.#server.on('connection', (socket: Socket) => this.#accept(socket));
    this.#server.on('connect', (_, socket) => hangUp(socket, '405 Method Not Allowed'));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const limit = limitOf(error);
      if (limit !== undefined) onLimit(limit, addressOf(socket));
      hangUp(socket, statusOf(error));
    });
  }

  /** Boot files that are sent, and requests that wait. */
  get counts(): Admission['counts'] {
    return this.#boots.counts;
  }

  #listener({ requestMs, stalledMs }: HttpLimits): Server {
    const { onLimit, onProblem } = this.#options;
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch((reason: unknown) => {
        endFailed(response);
        onProblem(reason);
      });
    };
    const inTurn = answersInTurn(answer, {
      mostWaiting: LIMITS['http-requests-ahead'].each,
      onFull: ({ socket }) => onLimit('http-requests-ahead', addressOf(socket)),
    });
    const server = createServer(
      {
        requestTimeout: requestMs,
        headersTimeout: requestMs,
        connectionsCheckingInterval: Math.min(requestMs, LATENESS_MS),
        maxHeaderSize: LIMITS['http-head'].each,
        // Node would answer such a request at once, past those that wait.
        requireHostHeader: false,
      },
      inTurn,
    );
    return server.on('checkExpectation', inTurn).setTimeout(stalledMs);
  }

  #accept(socket: Socket): void {
    const address = addressOf(socket);
    if (this.#options.isServed(address)) {
      this.#shares.add(socket, address);
      return;
    }
    this.#options.onLimit('http-networks', address);
    socket.destroy();
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
    this.#shares.destroyAll();
    await closed;
  }

  /** Takes no connection any more; answers that have begun, or were asked for, may go on for so long (milliseconds). */
  async drain(ms: number): Promise<void> {
    this.#isDraining = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A connection that stays open behind its last answer ends here.
    const idle = setInterval(() => this.#server.closeIdleConnections(), IDLE_LOOK_MS);
    const late = setTimeout(() => this.#shares.destroyAll(), ms);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isDraining) response.shouldKeepAlive = false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return endResponse(response, 405, { headers: ALLOW });
    }
    const path = pathOfTarget(request.url ?? '');
    if (path === undefined || isWithoutHost(request)) return endResponse(response, 400);
    if (path === '/') return endResponse(response, 200, { body: WELCOME });
    const started = performance.now();
    const address = addressOf(request.socket);
    this.#watch(response, address);
    const outcome = await this.#options.handler(path, address, askedOf(request));
    if (outcome === undefined) return endResponse(response, 404);
    const { found, device, isMedium } = outcome;
    const turns = isMedium === true ? this.#media : this.#boots;
    const asked = { address, response, turns };
    const sent = await inTurn(asked, () => send({ request, response }, found, this.#sending));
    const ms = Math.round(performance.now() - started);
    const mac = device === undefined ? {} : { mac: device.mac };
    const report = { address, ...mac, path: path.replace(/^\/(boot\/)?/, ''), ms, ...sent };
    this.#options.onTransfer(report);
  }

  /** Ends the connection of a client that does not read; one that waits for us has nothing to read yet. */
  #watch(response: ServerResponse, address: string): void {
    response.on('timeout', (socket: Socket) => {
      if (!response.headersSent) return;
      this.#options.onLimit('http-stalled', address);
      socket.destroy();
    });
  }
}

/** RFC 9112 §3.2: a client of HTTP/1.1 says whom it takes this server for. */
function isWithoutHost({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.host === undefined;
}

/** Of a client that is gone nobody knows it: then it is not one that only root may use. */
function portOf({ socket }: IncomingMessage): number {
  return socket.remotePort ?? HIGHEST_PORT;
}

function askedOf(request: IncomingMessage): HttpAsked {
  const { url = '', headers } = request;
  const query = new URLSearchParams(url.split('?').slice(1).join('?'));
  const agent = headers['user-agent'] ?? '';
  return { port: portOf(request), query, prefer: String(headers.prefer ?? ''), agent };
}

type Asked = {
  readonly address: string;
  readonly response: ServerResponse;
  readonly turns: Admission;
};
type Sent = Pick<HttpTransfer, 'bytes' | 'outcome' | 'message'>;

async function inTurn(
  { address, response, turns }: Asked,
  work: () => Promise<Sent>,
): Promise<Sent> {
  if (!(await turns.enter(address))) {
    endResponse(response, 503);
    return { bytes: 0, outcome: 'refused', message: 'too many wait' };
  }
  try {
    return await work();
  } finally {
    turns.leave(address);
  }
}

/** What all answers of a server have in common. */
type Sending = { readonly chunks: FileChunks; readonly turns: SendTurns };

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

async function send(
  { request, response }: Exchange,
  found: FileOutcome['found'],
  { chunks, turns }: Sending,
): Promise<Sent> {
  if (found.kind === 'not-found' || found.kind === 'refused') {
    endResponse(response, found.kind === 'refused' ? 403 : 404);
    return { bytes: 0, outcome: found.kind };
  }
  if (found.kind === 'bytes' && found.status !== undefined) {
    const headers = { 'Content-Type': found.type ?? 'text/plain' };
    endResponse(response, found.status, { headers, body: Buffer.from(found.bytes).toString() });
    return { bytes: 0, outcome: found.status === 404 ? 'not-found' : 'refused' };
  }
  let content: HttpContent | undefined;
  try {
    content = await HttpContent.open(found, chunks);
    return await sendContent(request, response, { content, turns });
  } catch (reason) {
    endFailed(response);
    return { bytes: 0, outcome: 'failed', message: messageOf(reason) };
  } finally {
    await content?.close();
  }
}
