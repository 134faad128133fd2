// The way of Node.js: HTTPS with the authority of the server, or the unix socket of the server's own machine.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Duplex } from 'node:stream';
import { decodeFrame, encodeFrame, type Frame, OPCODES } from './frames.ts';
import { type Channel, Inbox, type Transport } from './transport.ts';
import { WaltError } from './walt-error.ts';

/** Where the server is. */
export type NodePlace =
  | { readonly socket: string }
  | {
      readonly server: string;
      /** PEM of the authority; without it those that Node.js knows */
      readonly ca?: string | undefined;
    };

/** @throws {TypeError} if the server is no URL with https:// */
export function nodeTransport(place: NodePlace): Transport {
  return {
    ask: async ({ body, ...wanted }) => {
      const asking = begin(place, wanted);
      if (body === undefined || typeof body === 'string') asking.end(body);
      else void send(asking, body);
      const [answer] = (await once(asking, 'response').catch(inWords)) as [IncomingMessage];
      return { status: answer.statusCode ?? 0, bytes: answer };
    },
    open: async (path, headers) => {
      const key = randomBytes(16).toString('base64');
      const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
      const webSocket = { 'sec-websocket-version': '13', 'sec-websocket-key': key };
      const all = { ...headers, ...upgrade, ...webSocket };
      const asking = begin(place, { method: 'GET', path, headers: all });
      asking.end();
      const refused = once(asking, 'response').then(async ([answer]) => {
        throw new RefusedChannel(answer as IncomingMessage);
      });
      const opened = once(asking, 'upgrade') as Promise<[IncomingMessage, Duplex, Buffer]>;
      const [, stream, head] = await Promise.race([opened, refused]).catch(inWords);
      refused.catch(() => undefined);
      return channelOf(stream, head);
    },
  };
}

/** The server answered a request for a WebSocket with something else. */
export class RefusedChannel extends Error {
  override name = 'RefusedChannel' as const;
  readonly answer: IncomingMessage;

  constructor(answer: IncomingMessage) {
    super(`The server opens no WebSocket: it answers with status ${answer.statusCode}`);
    this.answer = answer;
  }
}

const FOREIGN = /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_|ALTNAME/;

/** @throws {WaltError} where the server is not known, else what was thrown */
function inWords(thrown: unknown): never {
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  if (!FOREIGN.test(code)) throw thrown;
  const how = 'give ca, or WALT_CA, what walt-server authority prints on the server';
  const text = `Cannot tell whether this is the server: ${message}. Expected its authority: ${how}`;
  throw new WaltError(text, { code: 'unknown-authority' });
}

type Wanted = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

function begin(place: NodePlace, { signal, ...wanted }: Wanted): ClientRequest {
  const options = { ...wanted, agent: false, ...(signal === undefined ? {} : { signal }) } as const;
  if ('socket' in place) return requestPlain({ ...options, socketPath: place.socket });
  const { protocol, hostname, port } = new URL(place.server);
  if (protocol !== 'https:') {
    throw new TypeError(`Cannot use server ${place.server}: expected it to begin with https://`);
  }
  const { ca } = place;
  const host = hostname.replace(/^\[|\]$/g, '');
  return requestSecure({
    ...options,
    host,
    port: port || 443,
    ...(ca === undefined ? {} : { ca }),
  });
}

async function send(asking: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const bytes of body) if (!asking.write(bytes)) await once(asking, 'drain');
    asking.end();
  } catch (reason) {
    asking.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  }
}

function channelOf(stream: Duplex, head: Buffer): Channel {
  const inbox = new Inbox<string | Uint8Array>();
  const write = (opcode: number, content: Uint8Array) =>
    stream.write(encodeFrame(opcode, content, randomBytes(4)));
  let message: Buffer[] = [];
  let kind: number = OPCODES.text;
  const take = ({ opcode, content, isLast }: Frame) => {
    if (opcode === OPCODES.ping) return void write(OPCODES.pong, content);
    if (opcode === OPCODES.close) return void stream.end();
    if (opcode === OPCODES.pong) return;
    if (opcode !== OPCODES.more) kind = opcode;
    message.push(content);
    if (!isLast) return;
    const whole = Buffer.concat(message);
    message = [];
    inbox.push(kind === OPCODES.text ? whole.toString() : new Uint8Array(whole));
  };
  let waiting = Buffer.alloc(0);
  const read = (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (let next = decodeFrame(waiting); next !== undefined; next = decodeFrame(waiting)) {
      waiting = Buffer.from(next.rest);
      take(next.frame);
    }
  };
  stream.on('data', read);
  stream.on('error', () => stream.destroy());
  stream.once('close', () => inbox.close());
  read(head);
  return {
    send: (frame) =>
      typeof frame === 'string'
        ? write(OPCODES.text, Buffer.from(frame))
        : write(OPCODES.bytes, frame),
    close: () => {
      write(OPCODES.close, Buffer.of(3, 232));
      stream.end();
    },
    received: inbox,
  };
}
