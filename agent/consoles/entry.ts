// One entry of a recorded console, as bytes: what was said, by whom, when. Pure: bytes in, bytes out.
import { crc32 } from '../protocol/crc32.ts';

/** Who speaks on a console. `server` is this server, about the record itself. The number on disk is the place in this list. */
export const SOURCES = ['server', 'serial', 'eeprom', 'ipxe', 'u-boot', 'kernel'] as const;

/** One of `SOURCES`. */
export type Source = (typeof SOURCES)[number];

/** What was said at once. */
export type Entry = {
  readonly source: Source;
  /** microseconds since 1970 */
  readonly at: number;
  /** how far in its source this goes, of one that can be read again; else 0 */
  readonly mark: number;
  readonly bytes: Uint8Array;
};

/** Bytes before those that were said. */
export const HEADER_BYTES = 24;
/** Bytes that one entry has at most. */
export const LONGEST_ENTRY = 4096;

const MAGIC = 0xc5;

/**
 * Numbers are big-endian, the times and marks of IEEE 754; the checksum is of all but itself:
 *
 *     0       1        2        4           12          20       24
 *     +-------+--------+--------+-----------+-----------+--------+------- - -
 *     | magic | source | length | time      | mark      | CRC-32 | bytes
 *     +-------+--------+--------+-----------+-----------+--------+------- - -
 */
export function encodeEntry({ source, at, mark, bytes }: Entry): Uint8Array {
  const encoded = new Uint8Array(HEADER_BYTES + bytes.length);
  const view = new DataView(encoded.buffer);
  view.setUint8(0, MAGIC);
  view.setUint8(1, SOURCES.indexOf(source));
  view.setUint16(2, bytes.length);
  view.setFloat64(4, at);
  view.setFloat64(12, mark);
  encoded.set(bytes, HEADER_BYTES);
  view.setUint32(20, checksum(encoded));
  return encoded;
}

/** An entry, and how many bytes it takes on disk. */
export type Decoded = { readonly entry: Entry; readonly size: number };

/**
 * The entry that begins there.
 * @returns `cut` where it goes on behind the bytes, `bad` where there is none
 */
export function decodeEntry(bytes: Uint8Array, offset: number): Decoded | 'cut' | 'bad' {
  if (bytes.length - offset < HEADER_BYTES) return 'cut';
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const source = SOURCES[view.getUint8(1)];
  const length = view.getUint16(2);
  if (view.getUint8(0) !== MAGIC || source === undefined || length > LONGEST_ENTRY) return 'bad';
  const size = HEADER_BYTES + length;
  if (bytes.length - offset < size) return 'cut';
  const encoded = bytes.subarray(offset, offset + size);
  if (view.getUint32(20) !== checksum(encoded)) return 'bad';
  const said = encoded.slice(HEADER_BYTES);
  const entry = { source, at: view.getFloat64(4), mark: view.getFloat64(12), bytes: said };
  return { entry, size };
}

function checksum(encoded: Uint8Array): number {
  const covered = new Uint8Array(encoded);
  covered.fill(0, 20, HEADER_BYTES);
  return crc32(covered);
}
