// Calls of Sun RPC over TCP that change nothing: whether a program answers, and where it is.
import { connect } from 'node:net';
import {
  decodeReplies,
  encodeNullCall,
  MOUNT,
  type RpcProgram,
} from '../../nfs/ganesha/asking/null-call.ts';

/** Where a program listens, on the server's own address. */
export type Place = { readonly address: string; readonly port: number };

const XID = 0x57414c54;
const LAST_FRAGMENT = 0x80000000;
/** RFC 1833 §3.2: PMAPPROC_GETPORT of program 100000, version 2; 6 is TCP. */
const GETPORT = [100000, 2, 3, 0, 0, 0, 0] as const;
const TCP = 6;

/** @throws {Error} if it does not answer */
export async function callNull(
  program: RpcProgram,
  place: Place,
  signal: AbortSignal,
): Promise<void> {
  await call(encodeNullCall(XID, program), place, signal);
}

/** The TCP port of the mount service; 0 where it is not there. @throws {Error} if nobody answers */
export async function mountPort(place: Place, signal: AbortSignal): Promise<number> {
  const words = [XID, 0, 2, ...GETPORT, MOUNT.program, MOUNT.version, TCP, 0];
  const bytes = Buffer.alloc(4 + 4 * words.length);
  bytes.writeUInt32BE(LAST_FRAGMENT + 4 * words.length);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, 4 + 4 * index);
  const reply = await call(bytes, place, signal);
  return reply.length < 4 ? 0 : reply.readUInt32BE(reply.length - 4);
}

function call(bytes: Buffer, { address, port }: Place, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, localAddress: address, signal });
    let received = Buffer.alloc(0);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it closed the connection')));
    socket.once('connect', () => socket.write(bytes));
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part]);
      if (decodeReplies(received).xids.length === 0) return;
      resolve(received);
      socket.destroy();
    });
  });
}
