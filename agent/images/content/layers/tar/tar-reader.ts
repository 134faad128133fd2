// Reads a tar archive once, from its beginning to its end: what each entry is, and its content. Programs read odd archives
// differently from each other; what this reader does not read as Go's archive/tar and GNU tar both do, it refuses.
import type { ByteSource } from './byte-source.ts';
import { type Extended, isExtension, joined, NOTHING, padded, readExtended } from './extended.ts';
import { BLOCK, decodeHeader, isZero, type TarHeader } from './header.ts';
import { countIn, type PaxRecords, recordIn } from './pax.ts';
import { isSparse, oldGnuMap, type Piece, paxMap, type SparseMap } from './sparse.ts';
import { entryOf, KINDS, shown, type TarEntry } from './tar-entry.ts';
import { TarError } from './tar-error.ts';

/** Takes an archive piece by piece, in order. */
export type TarSink = {
  /** all bytes that are no content of a file: headers, padding, what comes after the end */
  readonly keep: (bytes: Buffer) => Promise<void> | void;
  readonly enter: (entry: TarEntry) => void;
  /** has to take the `length` bytes of the piece from `source` */
  readonly content: (source: ByteSource, piece: Piece) => Promise<void>;
};

/** @throws {TarError} */
export async function readTar(source: ByteSource, sink: TarSink): Promise<void> {
  let extended = NOTHING;
  for (;;) {
    const block = await source.take(BLOCK);
    if (block === undefined) break;
    await sink.keep(block);
    if (isZero(block)) {
      await readEnd(source, sink);
      break;
    }
    const header = decodeHeader(block);
    if (isExtension(header.type)) {
      extended = joined(
        extended,
        header.type,
        await readExtended(header, { source, keep: sink.keep }),
      );
      continue;
    }
    await readEntry(block, { header, extended, source, sink });
    extended = NOTHING;
  }
  if (extended !== NOTHING) throw new TarError('it ends too early');
}

/** One block of zeros is no end: what comes after it some programs read, and others do not. */
async function readEnd(source: ByteSource, sink: TarSink): Promise<void> {
  const second = await source.take(BLOCK);
  if (second === undefined) return;
  await sink.keep(second);
  if (!isZero(second)) throw new TarError('it goes on after a part of the end mark');
  for (;;) {
    const rest = await source.takeSome(1 << 20);
    if (rest === undefined) return;
    await sink.keep(rest);
  }
}

type EntryParts = {
  readonly header: TarHeader;
  readonly extended: Extended;
  readonly source: ByteSource;
  readonly sink: TarSink;
};

async function readEntry(
  block: Buffer,
  { header, extended, source, sink }: EntryParts,
): Promise<void> {
  const { records = [] } = extended;
  const stored = countIn(records, 'size') ?? header.size;
  if (stored < 0) throw new TarError('a header is damaged: its size is negative');
  const keep = (bytes: Buffer) => sink.keep(bytes);
  const map = await mapOf(block, { header, records, source, keep });
  const entry = entryOf(header, { ...extended, records, stored, map });
  sink.enter(entry);
  if (entry.kind !== 'file') {
    // Links and folders have none, whatever the size says. That of others some programs skip, and others read as headers.
    if (stored === 0 || '0125'.includes(header.type)) return;
    throw new TarError(`${shown(entry.path)} is no file and has content`);
  }
  const content = stored - (map?.mapBytes ?? 0);
  const pieces = map?.pieces ?? [{ offset: 0, length: stored }];
  if (pieces.reduce((sum, { length }) => sum + length, 0) !== content) {
    throw new TarError(`the map of sparse file ${shown(entry.path)} is damaged`);
  }
  for (const piece of pieces) if (piece.length > 0) await sink.content(source, piece);
  await readPadding(padded(stored) - stored, { source, sink });
}

type MapParts = {
  readonly header: TarHeader;
  readonly records: PaxRecords;
  readonly source: ByteSource;
  readonly keep: TarSink['keep'];
};

async function mapOf(
  block: Buffer,
  { header, records, source, keep }: MapParts,
): Promise<SparseMap | undefined> {
  if (!isSparse(records)) {
    if (header.type !== 'S') return undefined;
    // star has the same type with another map, which Go does not read.
    if (header.format !== 'gnu') throw new TarError('a sparse file is of an unknown form');
    // GNU tar takes it for the size with holes.
    if (recordIn(records, 'size') !== undefined) throw new TarError('a sparse file has two sizes');
    return await oldGnuMap(block, { source, keep });
  }
  if (KINDS[header.type] === 'file' && header.type !== 'S') {
    return await paxMap(records, { source, keep });
  }
  throw new TarError('an entry says of a sparse file what does not belong to it');
}

/** Archives may end without the last file's padding, as those of `umoci insert` do. */
async function readPadding(
  length: number,
  { source, sink }: { readonly source: ByteSource; readonly sink: TarSink },
): Promise<void> {
  for (let missing = length; missing > 0; ) {
    const part = await source.takeSome(missing);
    if (part === undefined) return;
    await sink.keep(part);
    missing -= part.length;
  }
}
