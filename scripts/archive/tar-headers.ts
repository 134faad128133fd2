// Makes archives the same bytes whichever GNU tar wrote them: 1.34 (Debian 12) writes a device number of zero for what is
// no device, 1.35 (Debian 13) leaves the field empty.
import { type FileHandle, open } from 'node:fs/promises';

const BLOCK = 512;

/**
 *     0      100    124    136     148       156    157       329        337        345
 *     +------+------+------+-------+---------+------+---------+----------+----------+--------+
 *     | name | …    | size | mtime | chksum  | type | …       | devmajor | devminor | prefix |
 *     +------+------+------+-------+---------+------+---------+----------+----------+--------+
 *
 * POSIX.1-2017, pax, "ustar Interchange Format"; numbers are octal digits that end with a NUL or a space.
 */
const SIZE = { start: 124, end: 136 };
const CHECKSUM = { start: 148, end: 156 };
const TYPE = 156;
const DEVICE = { start: 329, end: 345 };
const NO_DEVICE = '0000000\0'.repeat(2);
const DEVICE_TYPES = ['3', '4'];

/**
 * Rewrites the headers of an archive in place.
 * @throws {RangeError} for a header that is none, or of a file of 8 GiB and more
 */
export async function settleTar(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    let offset = 0;
    for (let header = await blockAt(file, offset); header; header = await blockAt(file, offset)) {
      const settled = settledHeader(header);
      if (!settled.equals(header)) await file.write(settled, 0, BLOCK, offset);
      const blocks = Math.ceil(number(header, SIZE) / BLOCK);
      offset += (1 + blocks) * BLOCK;
    }
  } finally {
    await file.close();
  }
}

/** A header of 512 bytes as GNU tar 1.34 writes it: that is the only one whose numbers are always digits. */
export function settledHeader(header: Buffer): Buffer {
  const settled = Buffer.from(header);
  if (DEVICE_TYPES.includes(String.fromCharCode(header.readUInt8(TYPE)))) return settled;
  settled.write(NO_DEVICE, DEVICE.start, 'latin1');
  // Counted with blanks in the place of the sum itself.
  settled.fill(' ', CHECKSUM.start, CHECKSUM.end);
  const sum = settled.reduce((total, byte) => total + byte, 0);
  settled.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM.start, 'latin1');
  return settled;
}

/** `undefined` at the end of the archive, which is a block of zeros. */
async function blockAt(file: FileHandle, offset: number): Promise<Buffer | undefined> {
  const block = Buffer.alloc(BLOCK);
  await file.read(block, 0, BLOCK, offset);
  return block.every((byte) => byte === 0) ? undefined : block;
}

function number(header: Buffer, { start, end }: { start: number; end: number }): number {
  const text = header.toString('latin1', start, end);
  const [, digits] = /^ *([0-7]+)[ \0]/.exec(text) ?? [];
  if (digits !== undefined) return Number.parseInt(digits, 8);
  throw new RangeError(`Cannot read a tar header: ${JSON.stringify(text)} is no octal number`);
}
