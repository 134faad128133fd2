// Where the frames of a zstd stream end: the decompressor of Node unpacks one and takes the next for garbage, but pzstd writes
// many, and zstd:chunked one for each file.
//
//   frame: magic 4 | descriptor 1 | window 0 or 1 | dictionary 0 to 4 | size of the content 0 to 8 | blocks | checksum 0 or 4
//   block: size, kind and whether it is the last 3 | content
//   frame to be skipped: magic 4 | length 4 | content
//
// All numbers are little-endian. RFC 8878 §3.1.1 and §3.1.2.
import { ImageError } from '../../../errors.ts';
import type { ByteSource } from './tar/byte-source.ts';
import { TarError } from './tar/tar-error.ts';

const FRAME = 0xfd2fb528;
const SKIPPED = 0x184d2a50;
const PIECE = 1 << 18;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const SIZE_BYTES = [0, 2, 4, 8] as const;
/** A block of this kind is one byte that is repeated. */
const REPEATED = 1;

/** Whether a frame follows that has content; those that are to be skipped are skipped. @throws {ImageError} if something else does */
export async function nextFrame(source: ByteSource): Promise<Buffer | undefined> {
  for (;;) {
    const magic = await source.take(4);
    if (magic === undefined) return undefined;
    const number = magic.readUInt32LE();
    if (number === FRAME) return magic;
    // The last four bits are the writer's own.
    if ((number & ~0xf) >>> 0 !== SKIPPED) {
      throw new ImageError('something follows its compressed bytes');
    }
    await skip(source, (await wanted(source, 4)).readUInt32LE());
  }
}

/** The bytes of one frame, in pieces. @param magic its first four @throws {TarError} if it ends too early */
export async function* frameBytes(magic: Buffer, source: ByteSource): AsyncGenerator<Buffer> {
  const head = await wanted(source, 1);
  const descriptor = head.readUInt8();
  let piece = [magic, head, await wanted(source, headerBytes(descriptor))];
  let filled = 0;
  for (let isLast = false; !isLast; ) {
    const block = await wanted(source, 3);
    const facts = block.readUIntLE(0, 3);
    isLast = (facts & 1) === 1;
    const content = await wanted(source, ((facts >> 1) & 3) === REPEATED ? 1 : facts >> 3);
    piece.push(block, content);
    filled += content.length;
    if (filled < PIECE) continue;
    yield Buffer.concat(piece);
    piece = [];
    filled = 0;
  }
  if ((descriptor & 4) !== 0) piece.push(await wanted(source, 4));
  if (piece.length > 0) yield Buffer.concat(piece);
}

/** Of the header, behind the descriptor. */
function headerBytes(descriptor: number): number {
  const isOneSegment = (descriptor & 0x20) !== 0;
  const size = SIZE_BYTES[(descriptor >> 6) as 0 | 1 | 2 | 3];
  const dictionary = DICTIONARY_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3];
  return (isOneSegment ? 0 : 1) + dictionary + (size === 0 && isOneSegment ? 1 : size);
}

async function skip(source: ByteSource, length: number): Promise<void> {
  for (let missing = length; missing > 0; ) {
    const part = await source.takeSome(missing);
    if (part === undefined) throw new TarError('it ends too early');
    missing -= part.length;
  }
}

async function wanted(source: ByteSource, length: number): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0);
  const bytes = await source.take(length);
  if (bytes === undefined) throw new TarError('it ends too early');
  return bytes;
}
