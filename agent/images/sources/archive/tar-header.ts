// The head of a member of a tar archive. Formats: Unix V7, POSIX ustar and pax (IEEE Std 1003.1-2017, pax, "ustar Interchange
// Format"), GNU (long names, sizes in binary).
//
//   0 name 100 | 124 size 12 | 148 checksum 8 | 156 type 1 | 157 link 100 | 257 magic 6 | 345 prefix 155 | 512

/** One head; `type` is its letter, `0` for a file of any format. */
export type TarHeader = {
  readonly name: string;
  readonly type: string;
  /** bytes that follow, without padding */
  readonly size: number;
  readonly target: string;
};

/** The file is no tar archive, or a damaged one. */
export class TarHeaderError extends Error {
  override name = 'TarHeaderError' as const;
}

/** Bytes of a block. */
export const BLOCK = 512;

/** @param block 512 bytes @returns undefined for the block of zeros that ends an archive @throws {TarHeaderError} */
export function decodeTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  requireSum(block);
  const letter = String.fromCharCode(block[156] ?? 0);
  const name = textAt(block, 0, 100);
  // GNU has times where ustar has the prefix, and V7 has nothing there that counts.
  const prefix = textAt(block, 257, 6) === 'ustar' ? textAt(block, 345, 155) : '';
  const isFolder = name.endsWith('/');
  const isFile = letter === '\0' || letter === '0' || letter === '7';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    // V7 knows folders by their names alone.
    type: isFile ? (isFolder ? '5' : '0') : letter,
    size: numberAt(block, 124, 12),
    target: textAt(block, 157, 100),
  };
}

/** Records of a pax header: `<length> <key>=<value>\n`, the length that of the whole record. @throws {TarHeaderError} */
export function decodePaxRecords(content: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(content);
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at);
    const digits = bytes.toString('latin1', at, Math.max(at, space));
    const end = at + Number(digits);
    const equals = bytes.indexOf('=', space);
    const isSound = /^\d{1,8}$/.test(digits) && equals > space && end > equals;
    if (!isSound || end > bytes.length) throw new TarHeaderError('a pax header is damaged');
    records.set(
      bytes.toString('utf8', space + 1, equals),
      bytes.toString('utf8', equals + 1, end - 1),
    );
    at = end;
  }
  return records;
}

/** Sum of all bytes of the head, those of the sum itself counted as spaces. */
function requireSum(block: Uint8Array): void {
  let sum = 8 * 32;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
  if (sum !== numberAt(block, 148, 8)) throw new TarHeaderError('a header is damaged');
}

/** Octal text, or binary with the first bit set (GNU, for large ones). */
function numberAt(block: Uint8Array, at: number, length: number): number {
  const first = block[at] ?? 0;
  const value =
    (first & 0x80) === 0
      ? Number.parseInt(textAt(block, at, length).trim() || '0', 8)
      : block.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, first & 0x7f);
  if (Number.isSafeInteger(value)) return value;
  throw new TarHeaderError('a number of a header is damaged');
}

function textAt(block: Uint8Array, at: number, length: number): string {
  return untilNul(block.subarray(at, at + length));
}

/** Text up to the first zero byte. */
export function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString();
}
