/** Layers that are too large for a file of their own archive: made piece by piece. */

/** Bytes of an archive, in pieces. */
export type Archive = () => Iterable<Buffer>;

const BLOCK = 512;
const PIECE = Buffer.alloc(4 << 20);
/** The size of a file has eleven octal digits: 8 GiB less one byte at most. */
const FILE_BYTES = 2 ** 32;
const PER_FOLDER = 100;
const CONTENT = Buffer.from('content of one of very many small files\n');

/** So many small files. */
export function* manyFiles(count: number): Generator<Buffer> {
  for (let at = 0; at < count; at += 1) {
    const name = `opt/many/${Math.floor(at / PER_FOLDER)}/a-file-of-usual-length-${at}.txt`;
    yield header(name, CONTENT.length);
    yield CONTENT;
    yield Buffer.alloc(BLOCK - CONTENT.length);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** Files of 4 GiB that hold nothing but zeros. @param count of files */
export function* zeros(count: number): Generator<Buffer> {
  for (let at = 0; at < count; at += 1) {
    yield header(`opt/zeros-${at}`, FILE_BYTES);
    for (let given = 0; given < FILE_BYTES; given += PIECE.length) yield PIECE;
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** POSIX ustar, pax(1). */
function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(name, 0);
  bytes.write(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  bytes.write(`${octal(size, 11)}\0${octal(0, 11)}\0        0`, 124);
  bytes.write('ustar\x0000', 257);
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
