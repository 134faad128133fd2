// One header of a tar archive, 512 bytes, in the forms of POSIX (ustar), GNU, star and Unix V7.
//
//   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 | 156 type 1 |
//   157 link 100 | 257 magic 6 | 263 version 2 | 265 user 32 | 297 group 32 | 329 major 8 | 337 minor 8 |
//   345 prefix 155 (ustar), 131 (star) | 345 atime 12, 357 ctime 12 (GNU) | 508 "tar\0" (star)
//
// IEEE Std 1003.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
import { TarError } from './tar-error.ts';

/** Size of a header, and what content is padded to; bytes. */
export const BLOCK = 512;

/** What a header says, without what extended headers before it say. Text is a character for each byte. */
export type TarHeader = {
  readonly format: 'ustar' | 'star' | 'gnu' | 'v7';
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes that follow, without padding */
  readonly size: number;
  /** seconds since 1970 */
  readonly mtime: number;
  /** one character */
  readonly type: string;
  readonly link: string;
  readonly major: number;
  readonly minor: number;
};

/** Whether this is no header but a part of the end mark. */
export function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.every((byte) => byte === 0);
}

/** @throws {TarError} if it is damaged */
export function decodeHeader(block: Buffer): TarHeader {
  checkSum(block);
  const format = formatOf(block);
  const prefix = prefixOf(block, format);
  const name = textAt(block, 0, 100);
  const hasDevice = format !== 'v7';
  return {
    format,
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: numberAt(block, { at: 100, length: 8, field: 'mode' }) & 0o7777,
    uid: numberAt(block, { at: 108, length: 8, field: 'uid' }),
    gid: numberAt(block, { at: 116, length: 8, field: 'gid' }),
    size: numberAt(block, { at: 124, length: 12, field: 'size' }),
    mtime: numberAt(block, { at: 136, length: 12, field: 'mtime' }),
    type: String.fromCharCode(block[156] ?? 0),
    link: textAt(block, 157, 100),
    major: hasDevice ? numberAt(block, { at: 329, length: 8, field: 'major' }) : 0,
    minor: hasDevice ? numberAt(block, { at: 337, length: 8, field: 'minor' }) : 0,
  };
}

function formatOf(block: Buffer): TarHeader['format'] {
  const magic = block.toString('latin1', 257, 265);
  if (magic.startsWith('ustar\0')) {
    return block.toString('latin1', 508, 512) === 'tar\0' ? 'star' : 'ustar';
  }
  return magic === 'ustar  \0' ? 'gnu' : 'v7';
}

function prefixOf(block: Buffer, format: TarHeader['format']): string {
  if (format === 'ustar') return textAt(block, 345, 155);
  if (format === 'star') {
    // Its times are read for nothing but that they are there: Go refuses what has none.
    for (const at of [476, 488]) numberAt(block, { at, length: 12, field: 'time' });
    return textAt(block, 345, 131);
  }
  if (format === 'v7') return '';
  // Go before 1.8 wrote prefixes into headers of GNU's form, where GNU has times (golang/go issue 12594).
  const times = [block.subarray(345, 357), block.subarray(357, 369)];
  return times.every(isNumber) ? '' : textAt(block, 345, 155);
}

/** Sum of all bytes of the header, those of the sum itself counted as spaces; old programs took bytes for signed. */
function checkSum(block: Buffer): void {
  let sum = 8 * 32;
  let signed = 8 * 32;
  for (let at = 0; at < BLOCK; at += 1) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const said = numberAt(block, { at: 148, length: 8, field: 'checksum' });
  if (said !== sum && said !== signed) throw new TarError('a header is damaged');
}

/**
 * Octal text, or binary with the first bit set (GNU, for large and negative ones).
 * @throws {TarError} if it is no number that can be told exactly
 */
export function numberAt(
  block: Buffer,
  { at, length, field }: { readonly at: number; readonly length: number; readonly field: string },
): number {
  const bytes = block.subarray(at, at + length);
  const value = (bytes[0] ?? 0) & 0x80 ? binary(bytes) : octal(bytes);
  if (Number.isSafeInteger(value)) return value;
  throw new TarError(`a header is damaged: its ${field} is no number`);
}

function isNumber(bytes: Buffer): boolean {
  return Number.isSafeInteger((bytes[0] ?? 0) & 0x80 ? binary(bytes) : octal(bytes));
}

function octal(bytes: Buffer): number {
  const text = bytes.toString('latin1').replace(/^[ \0]+|[ \0]+$/g, '');
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Two's complement, big-endian, without the first bit. */
function binary(bytes: Buffer): number {
  const isNegative = ((bytes[0] ?? 0) & 0x40) !== 0;
  let value = isNegative ? -1n : 0n;
  for (const [index, byte] of bytes.entries()) {
    const bits = index === 0 ? (byte & 0x7f) | (isNegative ? 0x80 : 0) : byte;
    value = index === 0 ? BigInt(isNegative ? bits - 256 : bits) : value * 256n + BigInt(bits);
  }
  return Number(value);
}

/** Up to the first NUL. */
export function textAt(block: Buffer, at: number, length: number): string {
  const text = block.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
