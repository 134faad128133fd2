/** One call of an RPC program by TCP, from an address of this machine (RFC 5531), on a connection that stays. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What is called, and as which board. */
export type RpcWish = {
  readonly server: string;
  readonly port: number;
  readonly from: string;
  readonly program: number;
  readonly procedure: number;
  readonly argument: Uint8Array;
};

const VERSION = 3;
const ANSWER_MS = 10_000;
/** Of the head of an accepted reply: record mark, xid, reply, accepted, verifier, success. */
const HEAD = 28;

/** @returns the status that the answer begins with, and the connection. @throws where none comes within 10 s */
export async function callRpc(
  wish: RpcWish,
): Promise<{ readonly status: number; readonly socket: Socket }> {
  const { server: host, port, from: localAddress, program, procedure, argument } = wish;
  const socket = connect({ host, port, localAddress });
  socket.on('error', () => undefined);
  const head = [0x1757, 0, 2, program, VERSION, procedure, 0, 0, 0, 0];
  const body = Buffer.concat([...head.map(number), argument]);
  socket.write(Buffer.concat([number(0x80000000 + body.length), body]));
  let bytes = Buffer.alloc(0);
  while (bytes.length < HEAD + 4) {
    const [piece] = await once(socket, 'data', { signal: AbortSignal.timeout(ANSWER_MS) });
    bytes = Buffer.concat([bytes, piece]);
  }
  return { status: bytes.readUInt32BE(HEAD), socket };
}

/** XDR opaque, or string: length, bytes, zeros to the next four. */
export function opaque(bytes: Uint8Array): Buffer {
  return Buffer.concat([number(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
