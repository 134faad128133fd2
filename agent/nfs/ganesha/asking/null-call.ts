// The call that each RPC program answers without doing anything (procedure 0).
//
//   record mark | xid | CALL=0 | RPC 2 | program | version | NULL=0 | AUTH_NONE, 0 | AUTH_NONE, 0
//   record mark | xid | REPLY=1 | …
//
// All fields are big-endian u32 (RFC 5531 §9, §11, §12.1).
import { Buffer } from 'node:buffer';

/** An RPC program, in one of its versions. */
export type RpcProgram = { readonly program: number; readonly version: number };

/** RFC 1833 §3 */
export const PORTMAPPER: RpcProgram = { program: 100000, version: 2 };
/** RFC 1813 §2.1 */
export const NFS: RpcProgram = { program: 100003, version: 3 };
/** RFC 1813 §5.1 */
export const MOUNT: RpcProgram = { program: 100005, version: 3 };

const LAST_FRAGMENT = 0x80000000;

/** The call, with its record mark, as it is written to a TCP connection. */
export function encodeNullCall(xid: number, { program, version }: RpcProgram): Buffer {
  const body = [xid, 0, 2, program, version, 0, 0, 0, 0, 0];
  const bytes = Buffer.alloc(4 + 4 * body.length);
  bytes.writeUInt32BE(LAST_FRAGMENT + 4 * body.length);
  for (const [index, value] of body.entries()) bytes.writeUInt32BE(value, 4 + 4 * index);
  return bytes;
}

/** The xids of the replies at the start of `bytes` that are complete, and what is left behind them. */
export function decodeReplies(bytes: Buffer): { readonly xids: number[]; readonly rest: Buffer } {
  const xids: number[] = [];
  let rest = bytes;
  while (rest.length >= 8) {
    const length = rest.readUInt32BE(0) % LAST_FRAGMENT;
    if (rest.length < 4 + length) break;
    xids.push(rest.readUInt32BE(4));
    rest = rest.subarray(4 + length);
  }
  return { xids, rest };
}
