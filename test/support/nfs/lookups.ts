// Mounts an export by NFSv3 and looks names up in its root, then by NFSv4, byte by byte as no proper client would, as a program
// to run in a namespace. Prints a line for each: `mount PATH STATUS`, `lookup NAME STATUS FILEID`, `lookup4 NAME STATUS`. The
// first path is that of the export.
// Arguments: server's address, JSON of paths to mount, JSON of names to look up.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { MOUNT, NFS, type RpcProgram } from '../../../agent/nfs/ganesha/null-call.ts';

const MOUNT_PORT = 20048;
const NFS_PORT = 2049;
const MOUNT_CALL = 1;
const GETATTR = 1;
const LOOKUP = 3;
/** RFC 7530 §16: COMPOUND, and its operations. */
const NFS4: RpcProgram = { program: 100003, version: 4 };
const COMPOUND = 1;
const PUTROOTFH = 24;
const LOOKUP4 = 15;
/** Of post-op attributes and of attributes: RFC 1813 §2.5, fattr3. */
const FILEID_AT = 52;

const [server = '', pathList = '[]', nameList = '[]'] = process.argv.slice(2);
const paths = JSON.parse(pathList) as string[];
const names = JSON.parse(nameList) as string[];

const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** XDR opaque: length, bytes, zeros to the next four. */
const opaque = (bytes: Uint8Array) =>
  Buffer.concat([number(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
const text = (value: string) => opaque(Buffer.from(value, 'latin1'));
/** AUTH_SYS of root: RFC 5531 §14. */
const ROOT = Buffer.concat([number(0), text('node'), number(0), number(0), number(0)]);

/** Calls of one program on one connection, one after the other. */
class RpcConnection {
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

  static async open(port: number, program: RpcProgram): Promise<RpcConnection> {
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

  close(): void {
    this.#socket.destroy();
  }
}

const mounts = await RpcConnection.open(MOUNT_PORT, MOUNT);
let root: Buffer | undefined;
for (const path of paths) {
  const reply = await mounts.call(MOUNT_CALL, text(path));
  const status = reply.readUInt32BE();
  console.log(`mount ${path} ${status}`);
  if (status === 0) root ??= Buffer.from(reply.subarray(8, 8 + reply.readUInt32BE(4)));
}
mounts.close();
if (root === undefined) throw new Error('The export itself cannot be mounted');
const files = await RpcConnection.open(NFS_PORT, NFS);
const own = await files.call(GETATTR, opaque(root));
console.log(`root ${own.readBigUInt64BE(4 + FILEID_AT)}`);
for (const name of names) {
  const reply = await files.call(LOOKUP, Buffer.concat([opaque(root), text(name)]));
  const status = reply.readUInt32BE();
  const handle = status === 0 ? 8 + Math.ceil(reply.readUInt32BE(4) / 4) * 4 : 0;
  const isSaid = status === 0 && reply.readUInt32BE(handle) === 1;
  const id = isSaid ? reply.readBigUInt64BE(handle + 4 + FILEID_AT) : 'unknown';
  console.log(`lookup ${JSON.stringify(name)} ${status} ${status === 0 ? id : '-'}`);
}
files.close();

const whole = await RpcConnection.open(NFS_PORT, NFS4);
const steps = (paths[0] ?? '').split('/').filter((part) => part !== '');
for (const name of names) {
  const lookups = [...steps, name].map((part) => Buffer.concat([number(LOOKUP4), text(part)]));
  const operations = [number(PUTROOTFH), ...lookups];
  const head = [text(''), number(0), number(operations.length)];
  const reply = await whole.call(COMPOUND, Buffer.concat([...head, ...operations]));
  console.log(`lookup4 ${JSON.stringify(name)} ${reply.readUInt32BE()}`);
}
whole.close();
