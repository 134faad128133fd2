// RPC calls to an NFS server, byte by byte, as no proper client would make them.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RpcProgram } from '../../../agent/nfs/ganesha/asking/null-call.ts';

/** Where the mount program of nfs-ganesha listens. */
export const MOUNT_PORT = 20048;
/** RFC 1813 §2.1 */
export const NFS_PORT = 2049;

/** XDR unsigned int: four bytes, big-endian. */
export const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** XDR opaque: length, bytes, zeros to the next four. */
export const opaque = (bytes: Uint8Array) =>
  Buffer.concat([number(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
/** XDR string, as bytes. */
export const text = (value: string) => opaque(Buffer.from(value, 'latin1'));
/** AUTH_SYS of root: RFC 5531 §14. */
const ROOT = Buffer.concat([number(0), text('node'), number(0), number(0), number(0)]);

/** Calls of one program on one connection, one after the other. */
export class RpcConnection {
  readonly #socket: Socket;
  readonly #program: RpcProgram;
  #bytes = Buffer.alloc(0);
  #xid = 1;

  private constructor(socket: Socket, program: RpcProgram) {
    this.#socket = socket;
    this.#program = program;
    socket.on('data', (piece) => {
      this.#bytes = Buffer.concat([this.#bytes, piece]);
    });
  }

  /** Calls come as root's. */
  static async open(server: string, port: number, program: RpcProgram): Promise<RpcConnection> {
    const socket = connect({ host: server, port });
    await once(socket, 'connect');
    return new RpcConnection(socket, program);
  }

  /** @returns what follows the head of an accepted reply */
  async call(procedure: number, argument: Buffer): Promise<Buffer> {
    const { program, version } = this.#program;
    this.#xid += 1;
    const head = [this.#xid, 0, 2, program, version, procedure].map(number);
    const credentials = [number(1), opaque(ROOT), number(0), number(0)];
    const body = Buffer.concat([...head, ...credentials, argument]);
    this.#socket.write(Buffer.concat([number(0x80000000 + body.length), body]));
    const size = () =>
      4 + ((this.#bytes.length >= 4 ? this.#bytes.readUInt32BE() : 0) & 0x7fffffff);
    while (this.#bytes.length < 4 || this.#bytes.length < size()) {
      await once(this.#socket, 'data', { signal: AbortSignal.timeout(20_000) });
    }
    const reply = this.#bytes.subarray(4, size());
    this.#bytes = Buffer.from(this.#bytes.subarray(size()));
    // xid, REPLY, MSG_ACCEPTED, verifier of no bytes, SUCCESS: RFC 5531 §9.
    if (reply.readUInt32BE(8) !== 0 || reply.readUInt32BE(20) !== 0) return number(10_000);
    return reply.subarray(24);
  }

  /** No call is on its way. */
  close(): void {
    this.#socket.destroy();
  }
}
