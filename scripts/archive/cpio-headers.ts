// Makes initramfs archives the same bytes whichever GNU cpio wrote them: 2.13 (Debian 12) counts the links of folders, whose
// number depends on the file system that it reads from; 2.15 (Debian 13) writes 2 for each.
import { type FileHandle, open } from 'node:fs/promises';

const MAGIC = '070701';
const HEADER = 110;
const MODE = { start: 14, end: 22 };
const LINKS = { start: 38, end: 46 };
const FILE_SIZE = { start: 54, end: 62 };
const NAME_SIZE = { start: 94, end: 102 };
const TYPE_MASK = 0o170000;
const FOLDER = 0o040000;

/**
 * Rewrites the headers of an archive in place. Each is text:
 *
 *     0      6     14     22    30    38      46      54         62           94         102     110
 *     +------+-----+------+-----+-----+-------+-------+----------+------------+----------+-------+------+------+
 *     | magic| ino | mode | uid | gid | nlink | mtime | filesize | 4 of devices| namesize | check | name | data |
 *     +------+-----+------+-----+-----+-------+-------+----------+------------+----------+-------+------+------+
 *
 * in eight hexadecimal digits a number; name and data each end on a multiple of 4 bytes (the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst, format "newc").
 * @throws {RangeError} for a header that is none
 */
export async function settleCpio(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    let offset = 0;
    for (let header = await headerAt(file, offset); header; header = await headerAt(file, offset)) {
      const settled = settledCpioHeader(header);
      if (settled !== header) await file.write(settled, offset, 'latin1');
      const data = padded(offset + HEADER + number(header, NAME_SIZE));
      offset = padded(data + number(header, FILE_SIZE));
    }
  } finally {
    await file.close();
  }
}

/** The 110 characters of a header, with two links if it is that of a folder. */
export function settledCpioHeader(header: string): string {
  const isFolder = (number(header, MODE) & TYPE_MASK) === FOLDER;
  if (!isFolder) return header;
  return `${header.slice(0, LINKS.start)}00000002${header.slice(LINKS.end)}`;
}

/** `undefined` behind the last entry, where there are zeros or nothing. */
async function headerAt(file: FileHandle, offset: number): Promise<string | undefined> {
  const { buffer } = await file.read(Buffer.alloc(HEADER), 0, HEADER, offset);
  if (buffer.every((byte) => byte === 0)) return undefined;
  const header = buffer.toString('latin1');
  if (header.startsWith(MAGIC)) return header;
  throw new RangeError(
    `Cannot read a cpio header at ${offset}: ${JSON.stringify(header.slice(0, 6))}, expected ${MAGIC}`,
  );
}

function number(header: string, { start, end }: { start: number; end: number }): number {
  const digits = header.slice(start, end);
  if (/^[0-9A-Fa-f]{8}$/.test(digits)) return Number.parseInt(digits, 16);
  throw new RangeError(`Cannot read a cpio header: ${JSON.stringify(digits)} is no number`);
}

function padded(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}
