// Files with holes as entries of tar archives, in the four forms that GNU tar has had.
import { entry, file, pax, type Records } from './raw-tar.ts';

type Pieces = readonly (readonly [offset: number, length: number])[];

const octal = (value: number) => `${value.toString(8).padStart(11, '0')}\0`;
const pair = ([offset, length]: readonly [number, number]) => octal(offset) + octal(length);
export const filler = (length: number) =>
  Array.from({ length }, (_none, at) => 'abcdefg'[at % 7]).join('');
const stored = (pieces: Pieces) => pieces.reduce((sum, [, length]) => sum + length, 0);

export type Sparse = { readonly pieces: Pieces; readonly size: number; readonly content?: string };

/** Four pieces in the header, 21 in each block behind it. */
export function oldGnu(
  name: string,
  { pieces, size, content = filler(stored(pieces)) }: Sparse,
): Buffer {
  const more = pieces.slice(4);
  const raw = {
    386: pieces.slice(0, 4).map(pair).join(''),
    482: more.length > 0 ? '\x01' : '\0',
    483: octal(size),
  };
  const head = entry({ name, type: 'S', form: 'gnu', size: content.length, raw });
  const blocks: Buffer[] = [];
  for (let at = 0; at < more.length; at += 21) {
    const block = Buffer.alloc(512);
    block.write(
      more
        .slice(at, at + 21)
        .map(pair)
        .join(''),
      0,
      'latin1',
    );
    if (at + 21 < more.length) block[504] = 1;
    blocks.push(block);
  }
  const data = Buffer.from(content, 'latin1');
  return Buffer.concat([head, ...blocks, data, Buffer.alloc(-data.length & 511)]);
}

export function zeroZero(name: string, { pieces, size }: Sparse): Buffer {
  const records: Records = [
    ['GNU.sparse.size', String(size)],
    ['GNU.sparse.numblocks', String(pieces.length)],
    ...pieces.flatMap(
      ([offset, length]): Records => [
        ['GNU.sparse.offset', String(offset)],
        ['GNU.sparse.numbytes', String(length)],
      ],
    ),
  ];
  return Buffer.concat([pax(records), file(name, filler(stored(pieces)))]);
}

export function zeroOne(name: string, { pieces, size }: Sparse, more: Records = []): Buffer {
  const records: Records = [
    ['GNU.sparse.size', String(size)],
    ['GNU.sparse.numblocks', String(pieces.length)],
    ['GNU.sparse.map', pieces.flat().join(',')],
    ['GNU.sparse.name', name],
    ...more,
  ];
  return Buffer.concat([pax(records), file(`GNUSparseFile.0/${name}`, filler(stored(pieces)))]);
}

export function one(
  name: string,
  { pieces, size, content = filler(stored(pieces)) }: Sparse,
  more: Records = [],
): Buffer {
  const text = [pieces.length, ...pieces.flat()].map((count) => `${count}\n`).join('');
  const map = text + '\0'.repeat(-text.length & 511);
  const records: Records = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', name],
    ['GNU.sparse.realsize', String(size)],
    ...more,
  ];
  return Buffer.concat([pax(records), file(`GNUSparseFile.0/${name}`, map + content)]);
}
