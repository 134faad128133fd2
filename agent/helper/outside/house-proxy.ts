// The proxy of the house, where machines reach others by one alone.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WaltError } from '../../errors.ts';

/** Where it is, and what opens it. */
export type HouseProxy = {
  readonly host: string;
  readonly port: number;
  /** value of the header, if it wants one */
  readonly authorization?: string;
};

const PATIENCE_MS = 15_000;
const LONGEST_HEAD = 16_384;
const END = '\r\n\r\n';

/** @param text as of HTTPS_PROXY; undefined where there is none. @throws {WaltError} for one of another kind */
export function houseProxyOf(text: string | undefined): HouseProxy | undefined {
  if (text === undefined || text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:') {
    throw new WaltError(`Cannot use HTTPS_PROXY=${text}: expected http://host:port`);
  }
  const { hostname, port, username, password } = url;
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    ...{ host: hostname, port: Number(port || 3128) },
    ...(username === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(secret).toString('base64')}` }),
  };
}

/** @returns a connection to the place @throws {Error} with what the proxy says where it makes none */
export async function throughHouseProxy(
  { host, port, authorization }: HouseProxy,
  place: { readonly host: string; readonly port: number },
): Promise<Socket> {
  const socket = connect({ host, port });
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    await once(socket, 'connect', { signal });
    const target = `${place.host}:${place.port}`;
    const login = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n${login}\r\n`);
    const head = await headOf(socket, signal);
    const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
    if (status !== '200') {
      throw new Error(`the proxy of the house says ${head.split('\r\n')[0] || 'nothing'}`);
    }
    return socket.on('error', () => undefined);
  } catch (thrown) {
    socket.destroy();
    if (signal.aborted) throw new Error('the proxy of the house does not answer');
    throw thrown;
  }
}

/** What comes behind it stays in the connection. */
async function headOf(socket: Socket, signal: AbortSignal): Promise<string> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < LONGEST_HEAD) {
    const piece: Buffer | null = socket.read();
    if (piece === null) {
      if (socket.readableEnded || socket.destroyed) return bytes.toString('latin1');
      await once(socket, 'readable', { signal });
      continue;
    }
    bytes = Buffer.concat([bytes, piece]);
    const end = bytes.indexOf(END);
    if (end < 0) continue;
    const rest = bytes.subarray(end + END.length);
    if (rest.length > 0) socket.unshift(rest);
    return bytes.subarray(0, end).toString('latin1');
  }
  throw new Error('the proxy of the house says too much');
}
