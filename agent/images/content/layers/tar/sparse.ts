// Files with holes: where the pieces of content that an archive has of a file belong in it.
// GNU tar manual, "Storing Sparse Files" (old GNU, and pax 0.0, 0.1 and 1.0).
import type { ByteSource } from './byte-source.ts';
import { BLOCK, numberAt } from './header.ts';
import { countIn, type PaxRecords, parseCount, recordIn } from './pax.ts';
import { TarError } from './tar-error.ts';

/** A piece of content; bytes. */
export type Piece = { readonly offset: number; readonly length: number };

/** How long a file is with its holes, and what it holds between them. */
export type SparseMap = {
  readonly size: number;
  readonly pieces: readonly Piece[];
  /** bytes of the entry's content that were the map itself */
  readonly mapBytes: number;
};

/** More is an attack: a file of 20 GB with a hole in every megabyte has 20,000. */
const MOST_PIECES = 100_000;
const LONGEST_MAP = 4096 * BLOCK;
const ENTRY = 24;

type Keep = (bytes: Buffer) => Promise<void> | void;

/**
 * Of an entry of type S, whose header has four pieces, and whose extension blocks have 21 each.
 * @throws {TarError}
 */
export async function oldGnuMap(
  header: Buffer,
  { source, keep }: { readonly source: ByteSource; readonly keep: Keep },
): Promise<SparseMap> {
  const pieces = piecesAt(header, { at: 386, count: 4 });
  for (let more = header[482] !== 0; more; ) {
    const block = await source.take(BLOCK);
    if (block === undefined) throw new TarError('it ends too early');
    await keep(block);
    pieces.push(...piecesAt(block, { at: 0, count: 21 }));
    if (pieces.length > MOST_PIECES) throw tooMany();
    more = block[504] !== 0;
  }
  const size = numberAt(header, { at: 483, length: 12, field: 'real size' });
  return checked({ size, pieces, mapBytes: 0 });
}

function piecesAt(
  block: Buffer,
  { at, count }: { readonly at: number; readonly count: number },
): Piece[] {
  const pieces: Piece[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = at + index * ENTRY;
    if (block[place] === 0) break;
    const offset = numberAt(block, { at: place, length: 12, field: 'sparse map' });
    const length = numberAt(block, { at: place + 12, length: 12, field: 'sparse map' });
    pieces.push({ offset, length });
  }
  return pieces;
}

/** Whether an entry has any record of GNU's sparse files. */
export function isSparse(records: PaxRecords): boolean {
  return records.some(([key]) => key.startsWith('GNU.sparse.'));
}

/**
 * Of an entry with records of GNU's.
 * @throws {TarError} if it is of a version that nobody wrote, or programs read the records differently from each other
 */
export async function paxMap(
  records: PaxRecords,
  { source, keep }: { readonly source: ByteSource; readonly keep: Keep },
): Promise<SparseMap> {
  const numbers = ['major', 'minor'].map((part) => recordIn(records, `GNU.sparse.${part}`));
  const version = numbers.join('.');
  if (version === '1.0') return await paxOneMap(records, { source, keep });
  // 0.0 and 0.1 said no version at first.
  if (version === '0.0' || version === '0.1' || version === '.') return paxZeroMap(records);
  throw new TarError(`a sparse file is of an unknown form (${version})`);
}

/** 0.1 has the map in one record, 0.0 in two records for each piece. */
function paxZeroMap(records: PaxRecords): SparseMap {
  const map = recordIn(records, 'GNU.sparse.map')?.split(',') ?? [];
  const pairs = repeated(records);
  const numbers = pairs.length > 0 ? pairs : map;
  const count = countIn(records, 'GNU.sparse.numblocks');
  // Without a map Go takes the content for the whole file, and GNU tar for one without any.
  const isClear = numbers.length > 0 && (pairs.length === 0 || map.length === 0);
  if (!isClear || count === undefined || 2 * count !== numbers.length) throw damaged();
  return checked({ size: sizeIn(records), pieces: piecesOf(numbers), mapBytes: 0 });
}

function sizeIn(records: PaxRecords): number {
  const size = countIn(records, 'GNU.sparse.size');
  const realSize = countIn(records, 'GNU.sparse.realsize');
  if (size !== undefined && realSize !== undefined && size !== realSize) throw damaged();
  const said = size ?? realSize;
  if (said === undefined) throw damaged();
  return said;
}

function repeated(records: PaxRecords): string[] {
  const numbers: string[] = [];
  for (const [key, value] of records) {
    const place = key === 'GNU.sparse.offset' ? 0 : key === 'GNU.sparse.numbytes' ? 1 : undefined;
    if (place === undefined) continue;
    if (numbers.length % 2 !== place) throw damaged();
    numbers.push(value);
  }
  return numbers;
}

/** The map comes before the content: counts in decimal, one a line, padded to whole blocks. */
async function paxOneMap(
  records: PaxRecords,
  { source, keep }: { readonly source: ByteSource; readonly keep: Keep },
): Promise<SparseMap> {
  const size = sizeIn(records);
  let text = '';
  let mapBytes = 0;
  // The first line counts the pieces, and each has two lines.
  for (let lines = 0, wanted = 1; lines < wanted; ) {
    const block = await source.take(BLOCK);
    if (block === undefined) throw new TarError('it ends too early');
    await keep(block);
    const part = block.toString('latin1');
    text += part;
    lines += part.split('\n').length - 1;
    mapBytes += BLOCK;
    if (lines > 0 && wanted === 1)
      wanted = 1 + 2 * parseCount(text.slice(0, text.indexOf('\n')), 'sparse map');
    if (wanted > 1 + 2 * MOST_PIECES || mapBytes > LONGEST_MAP) throw tooMany();
  }
  const [count = '0', ...numbers] = text.split('\n');
  const pieces = piecesOf(numbers.slice(0, 2 * parseCount(count, 'sparse map')));
  return checked({ size, pieces, mapBytes });
}

function piecesOf(numbers: readonly string[]): Piece[] {
  if (numbers.length % 2 !== 0) throw damaged();
  if (numbers.length > 2 * MOST_PIECES) throw tooMany();
  const pieces: Piece[] = [];
  for (let at = 0; at < numbers.length; at += 2) {
    const offset = parseCount(numbers[at] ?? '', 'sparse map');
    pieces.push({ offset, length: parseCount(numbers[at + 1] ?? '', 'sparse map') });
  }
  return pieces;
}

/**
 * Pieces come in their order, and none reaches over another's beginning or the end. All but the last are whole blocks:
 * GNU tar reads each from the beginning of a block, and Go one right behind the other.
 */
function checked(map: SparseMap): SparseMap {
  let end = 0;
  let isWhole = true;
  for (const { offset, length } of map.pieces) {
    if (offset < end || length < 0 || offset + length > map.size) throw damaged();
    if (length > 0 && !isWhole) throw damaged();
    isWhole &&= length % BLOCK === 0;
    end = offset + length;
  }
  return map;
}

function damaged(): TarError {
  return new TarError('the map of a sparse file is damaged');
}

function tooMany(): TarError {
  return new TarError(`a sparse file has more than ${MOST_PIECES} pieces`);
}
