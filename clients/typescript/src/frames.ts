// Frames of a WebSocket (RFC 6455 §5.2) as a client of Node.js sends and reads them.
//
//     byte 0: FIN (0x80), opcode   byte 1: MASK (0x80), length: up to 125, 126 (two more bytes) or 127 (eight more)
//     then, of a client, four bytes of the mask; then the content

/** Opcodes. */
export const OPCODES = { more: 0, text: 1, bytes: 2, close: 8, ping: 9, pong: 10 } as const;

/** One frame as it came. */
export type Frame = { readonly isLast: boolean; readonly opcode: number; readonly content: Buffer };

const MASKED = 0x80;
const LAST = 0x80;

/** A whole message in one frame. @param mask four random bytes */
export function encodeFrame(opcode: number, content: Uint8Array, mask: Uint8Array): Buffer {
  const { length } = content;
  const masked = Buffer.from(content.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([Buffer.of(LAST | opcode), lengthBytes(length), mask, masked]);
}

/** @returns the first frame of what came, and what is behind it; undefined where it is not whole yet */
export function decodeFrame(bytes: Buffer): { frame: Frame; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head) return undefined;
  const length =
    short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(2))
        : short;
  if (bytes.length < head + length) return undefined;
  const content = bytes.subarray(head, head + length);
  const frame = { isLast: (first & LAST) !== 0, opcode: first & 0x0f, content };
  return { frame, rest: bytes.subarray(head + length) };
}

function lengthBytes(length: number): Buffer {
  if (length < 126) return Buffer.of(MASKED | length);
  const wide = Buffer.alloc(length < 65_536 ? 3 : 9);
  wide[0] = MASKED | (length < 65_536 ? 126 : 127);
  if (length < 65_536) wide.writeUInt16BE(length, 1);
  else wide.writeBigUInt64BE(BigInt(length), 1);
  return wide;
}
