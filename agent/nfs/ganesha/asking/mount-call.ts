// The MOUNT protocol's MNT call, as much of it as tells whether a path can be mounted.
//
//   record mark | xid | CALL=0 | RPC 2 | program | version | procedure | credentials | verifier | path
//   record mark | xid | REPLY=1 | MSG_ACCEPTED=0 | verifier | accept_stat | mountstat3 | …
//
// All fields are big-endian u32 (RFC 5531 §9, §11; RFC 1813 §5). Credentials here are AUTH_SYS of root.
import { Buffer } from 'node:buffer';

const MOUNT_PROGRAM = 100005;
const VERSION_3 = 3;
const MNT = 1;
const AUTH_SYS = 1;
const LAST_FRAGMENT = 0x80000000;

/** The call, with its record mark, as it is written to a TCP connection. */
export function encodeMountCall(xid: number, path: string): Buffer {
  const credentials = [words(0), opaque(''), words(0, 0, 0)];
  const body = Buffer.concat([
    words(xid, 0, 2, MOUNT_PROGRAM, VERSION_3, MNT),
    words(AUTH_SYS, Buffer.concat(credentials).length),
    ...credentials,
    words(0, 0),
    opaque(path),
  ]);
  return Buffer.concat([words(LAST_FRAGMENT + body.length), body]);
}

/** `undefined` while the reply is not complete, then whether the server gave the root of that path. */
export function decodeMountReply(bytes: Buffer): boolean | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0) % LAST_FRAGMENT;
  if (bytes.length < 4 + length) return undefined;
  const body = bytes.subarray(4, 4 + length);
  if (body.length < 20 || body.readUInt32BE(8) !== 0) return false;
  const results = 20 + padded(body.readUInt32BE(16));
  if (body.length < results + 8) return false;
  return body.readUInt32BE(results) === 0 && body.readUInt32BE(results + 4) === 0;
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function opaque(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([
    words(bytes.length),
    bytes,
    Buffer.alloc(padded(bytes.length) - bytes.length),
  ]);
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
