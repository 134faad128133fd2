// Reads a tar archive once, from its beginning to its end: what each entry is, and its content. Programs read odd archives
// differently from each other; what this reader does not read as Go's archive/tar and GNU tar both do, it refuses.
import type { ByteSource } from './byte-source.ts';
import { BLOCK, decodeHeader, isZero, type TarHeader } from './header.ts';
import { countIn, type PaxRecords, parseTime, paxRecords, recordIn } from './pax.ts';
import { isSparse, oldGnuMap, type Piece, paxMap, type SparseMap } from './sparse.ts';
import { TarError } from './tar-error.ts';
import { xattrsIn } from './xattrs.ts';

/** What an entry makes. */
export type TarKind = 'file' | 'hard-link' | 'link' | 'character' | 'block' | 'folder' | 'fifo';

/** One entry, with all that was said before it. Text is a character for each byte. */
export type TarEntry = {
  /** as it stands in the archive */
  readonly path: string;
  readonly kind: TarKind;
  /** permissions with setuid, setgid and sticky bit */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** seconds since 1970, and nanoseconds after them */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** of a file, with its holes; bytes */
  readonly size: number;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
  /** extended attributes, name → value */
  readonly xattrs: Readonly<Record<string, string>>;
};

/** Takes an archive piece by piece, in order. */
export type TarSink = {
  /** all bytes that are no content of a file: headers, padding, what comes after the end */
  readonly keep: (bytes: Buffer) => Promise<void> | void;
  readonly enter: (entry: TarEntry) => void;
  /** has to take the `length` bytes of the piece from `source` */
  readonly content: (source: ByteSource, piece: Piece) => Promise<void>;
};

const KINDS: Readonly<Record<string, TarKind>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hard-link',
  '2': 'link',
  '3': 'character',
  '4': 'block',
  '5': 'folder',
  '6': 'fifo',
};
/** Names and attributes of one entry; more is an attack. */
const MOST_EXTENDED = 1 << 20;
/** Of a global header, what may differ for each entry of an archive without changing what is unpacked. */
const HARMLESS_GLOBAL =
  /^(comment|atime|ctime|charset|hdrcharset|uname|gname|VENDOR\..*|WALT\..*)$/;

type Extended = {
  readonly records: PaxRecords | undefined;
  readonly longName: string | undefined;
  readonly longLink: string | undefined;
};

const NOTHING: Extended = { records: undefined, longName: undefined, longLink: undefined };

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
    if ('xgLK'.includes(header.type)) {
      extended = joined(extended, header.type, await readExtended(header, { source, sink }));
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

async function readExtended(
  { size }: TarHeader,
  { source, sink }: { readonly source: ByteSource; readonly sink: TarSink },
): Promise<Buffer> {
  if (size < 0 || size > MOST_EXTENDED) {
    throw new TarError(`a name or attribute has ${size} bytes`);
  }
  const content = size === 0 ? Buffer.alloc(0) : await source.take(padded(size));
  if (content === undefined) throw new TarError('it ends too early');
  await sink.keep(content);
  return content.subarray(0, size);
}

function joined(before: Extended, type: string, content: Buffer): Extended {
  const text = () => untilNul(content.toString('latin1'));
  if (type === 'L') return { ...before, longName: once(before.longName, text(), 'long names') };
  if (type === 'K') return { ...before, longLink: once(before.longLink, text(), 'long links') };
  const records = paxRecords(content);
  if (type === 'x') return { ...before, records: once(before.records, records, 'pax headers') };
  const odd = records.find(([key]) => !HARMLESS_GLOBAL.test(key));
  if (odd !== undefined) throw new TarError(`a global pax header sets ${odd[0]} of all entries`);
  return before;
}

function once<Value>(before: Value | undefined, value: Value, what: string): Value {
  if (before === undefined) return value;
  throw new TarError(`an entry has two ${what}`);
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

type Said = Extended & {
  readonly records: PaxRecords;
  readonly stored: number;
  readonly map: SparseMap | undefined;
};

function entryOf(header: TarHeader, { records, longName, longLink, stored, map }: Said): TarEntry {
  const said = recordIn(records, 'GNU.sparse.name') ?? recordIn(records, 'path');
  const path = oneOf(longName, said, 'names') ?? header.name;
  const kind = kindOf(header.type, { path, stored });
  const time = recordIn(records, 'mtime');
  const isDevice = kind === 'character' || kind === 'block';
  return {
    ...{ path, kind },
    mode: header.mode,
    uid: countIn(records, 'uid') ?? header.uid,
    gid: countIn(records, 'gid') ?? header.gid,
    ...(time === undefined ? { seconds: header.mtime, nanoseconds: 0 } : parseTime(time)),
    size: kind === 'file' ? (map?.size ?? stored) : 0,
    target: oneOf(longLink, recordIn(records, 'linkpath'), 'targets') ?? header.link,
    ...{ major: isDevice ? header.major : 0, minor: isDevice ? header.minor : 0 },
    xattrs: xattrsIn(records),
  };
}

/** Of what GNU's header and a pax header say, Go takes the one, and GNU tar the other. */
function oneOf(gnu: string | undefined, pax: string | undefined, what: string): string | undefined {
  if (gnu === undefined || pax === undefined || gnu === pax) return gnu ?? pax;
  throw new TarError(`an entry has two ${what}: ${shown(gnu)} and ${shown(pax)}`);
}

/** Before POSIX a folder was a file whose name ends with a slash. */
function kindOf(
  type: string,
  { path, stored }: { readonly path: string; readonly stored: number },
): TarKind {
  const kind = KINDS[type];
  if (kind === undefined) {
    throw new TarError(`${shown(path)} is of a kind that no image has (${JSON.stringify(type)})`);
  }
  if (kind !== 'file' || !path.endsWith('/')) return kind;
  if (type === '\0' && stored === 0) return 'folder';
  // GNU tar makes a folder of it, Go a file.
  throw new TarError(`${shown(path)} is a file and called like a folder`);
}

function shown(path: string): string {
  return `/${Buffer.from(path, 'latin1').toString()}`;
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
