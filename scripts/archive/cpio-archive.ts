// An initramfs archive (format "newc", as cpio-headers.ts has it) of a few folders and files, in memory: where hundreds are made, a program for each
// takes minutes.
import { Buffer } from 'node:buffer';

/** A folder, or a file where there is content. */
export type CpioEntry = { readonly path: string; readonly content?: Uint8Array };

const END = 'TRAILER!!!';
const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;

/** All of root; folders stand before what is in them. @param date of all entries */
export function cpioArchive(entries: readonly CpioEntry[], date: Date): Buffer {
  const seconds = Math.floor(date.getTime() / 1000);
  const parts = entries.map(({ path, content }, index) => {
    const [mode, links] = content === undefined ? [FOLDER_MODE, 2] : [FILE_MODE, 1];
    return entry(path, content, { ino: index + 1, mode, links, seconds });
  });
  return Buffer.concat([
    ...parts,
    entry(END, undefined, { ino: 0, mode: 0, links: 1, seconds: 0 }),
  ]);
}

type Attributes = {
  readonly ino: number;
  readonly mode: number;
  readonly links: number;
  readonly seconds: number;
};

function entry(
  path: string,
  content: Uint8Array | undefined,
  { ino, mode, links, seconds }: Attributes,
): Buffer {
  const name = Buffer.from(`${path}\0`);
  const size = content?.length ?? 0;
  const numbers = [ino, mode, 0, 0, links, seconds, size, 0, 0, 0, 0, name.length, 0];
  const header = `070701${numbers.map((each) => each.toString(16).toUpperCase().padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(content)]);
}

function padded(bytes: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
