// Files with holes, in all of GNU's forms, and maps that lie.
import { asTar, type LayerCase, refused, refusedByUs, same } from '../layer-case.ts';
import { entry, file, longText, pax } from '../raw-tar.ts';
import { filler, oldGnu, one, type Sparse, zeroOne, zeroZero } from '../sparse-tar.ts';

const FEW: Sparse = {
  pieces: [
    [0, 512],
    [5000, 1024],
    [20_000, 7],
    [30_000, 0],
  ],
  size: 30_000,
};
const MANY: Sparse = {
  pieces: [...Array.from({ length: 60 }, (_none, at) => [at * 5000, 512] as const), [60 * 5000, 0]],
  size: 60 * 5000,
};
const AT_END: Sparse = {
  pieces: [
    [4096, 4096],
    [8192, 0],
  ],
  size: 8192,
};
const HOLE: Sparse = { pieces: [[10_000, 0]], size: 10_000 };
const NEXT = file('next', 'y');

const FORMS = { 'old GNU': oldGnu, '0.0': zeroZero, '0.1': zeroOne, '1.0': one } as const;

function works(form: string, title: string, parts: readonly Buffer[]): LayerCase {
  if (form !== 'old GNU') return same(title, parts);
  return asTar(title, 'umoci does not know the type', parts);
}

/** Go reads on right behind it, GNU tar at the next block. */
function partly(form: string, title: string, parts: readonly Buffer[]): LayerCase {
  return form === 'old GNU' ? refused(title, /sparse/, parts) : refusedByUs(title, /sparse/, parts);
}

export const SPARSE_CASES: readonly LayerCase[] = [
  ...Object.entries(FORMS).flatMap(([form, make]) => [
    works(form, `sparse ${form}: a few pieces`, [make('a', FEW), NEXT]),
    works(form, `sparse ${form}: more than four pieces, over several blocks`, [
      make('a', MANY),
      NEXT,
    ]),
    works(form, `sparse ${form}: content at the end`, [make('a', AT_END), NEXT]),
    works(form, `sparse ${form}: a hole alone`, [make('a', HOLE), NEXT]),
    partly(form, `sparse ${form}: a piece that is no whole block, and another one`, [
      make('a', {
        pieces: [
          [0, 100],
          [5000, 10],
        ],
        size: 10_000,
      }),
      NEXT,
    ]),
    refused(`sparse ${form}: pieces that lie over each other`, /sparse/, [
      make('a', {
        pieces: [
          [0, 100],
          [50, 100],
        ],
        size: 1000,
      }),
      NEXT,
    ]),
    refused(`sparse ${form}: pieces in the wrong order`, /sparse/, [
      make('a', {
        pieces: [
          [500, 100],
          [0, 100],
        ],
        size: 1000,
      }),
      NEXT,
    ]),
    refused(`sparse ${form}: a piece that reaches over the end`, /sparse/, [
      make('a', { pieces: [[950, 100]], size: 1000 }),
      NEXT,
    ]),
  ]),
  refused('sparse old GNU: the map says more than there is', /sparse/, [
    oldGnu('a', { pieces: [[0, 600]], size: 1000, content: filler(100) }),
    NEXT,
  ]),
  refused(
    'sparse old GNU: the map says less than there is, and the rest is read or not',
    /sparse/,
    [oldGnu('a', { pieces: [[0, 100]], size: 1000, content: filler(600) }), NEXT],
  ),
  refused('sparse 1.0: the map says more than there is', /sparse/, [
    one('a', { pieces: [[0, 600]], size: 1000, content: filler(100) }),
    NEXT,
  ]),
  refused('sparse 1.0: the map says less than there is', /sparse/, [
    one('a', { pieces: [[0, 100]], size: 1000, content: filler(600) }),
    NEXT,
  ]),
  same('sparse 1.0: a hole at the end that the map does not name', [
    one('a', { pieces: [[0, 512]], size: 10_000 }),
    NEXT,
  ]),
  refused('sparse 1.0: a map without an end', /sparse|too early/, [
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '10'],
    ]),
    file('a', '9999999\n'),
    NEXT,
  ]),
  refused('sparse 1.0: the map is longer than the entry', /too early/, [
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '10'],
    ]),
    file('a', `300\n${'0\n0\n'.repeat(100)}`, { size: 512 }),
    NEXT,
  ]),
  refused('sparse 1.0: a map of letters', /sparse/, [
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '10'],
    ]),
    file('a', `one\n${'\0'.repeat(508)}`),
    NEXT,
  ]),
  refusedByUs('sparse 2.0, which nobody wrote', /unknown form/, [
    pax([
      ['GNU.sparse.major', '2'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '10'],
    ]),
    file('a', 'x'),
  ]),
  refusedByUs('sparse 1.0 and another long name of GNU', /two names/, [
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', 'said-by-pax'],
      ['GNU.sparse.realsize', '3'],
    ]),
    longText('L', 'said-by-gnu'),
    file('header', `1\n0\n3\n${'\0'.repeat(506)}abc`),
    NEXT,
  ]),
  same('sparse 1.0 with a path', [one('a', FEW, [['path', 'said-by-path']]), NEXT]),
  same('sparse 0.1 with a path', [zeroOne('a', FEW, [['path', 'said-by-path']]), NEXT]),
  refused('sparse 0.0: a length without an offset', /sparse/, [
    pax([
      ['GNU.sparse.size', '10'],
      ['GNU.sparse.numblocks', '1'],
      ['GNU.sparse.numbytes', '3'],
      ['GNU.sparse.offset', '0'],
    ]),
    file('a', 'abc'),
  ]),
  same('sparse 0.1 with a real size', [
    pax([
      ['GNU.sparse.realsize', '10'],
      ['GNU.sparse.numblocks', '1'],
      ['GNU.sparse.map', '0,3'],
    ]),
    file('a', 'abc'),
  ]),
  refusedByUs('sparse 1.0 with two sizes', /sparse/, [
    one('a', FEW, [['GNU.sparse.size', '40000']]),
  ]),
  refusedByUs('sparse 0.0 and 0.1 at once', /sparse/, [
    pax([
      ['GNU.sparse.size', '10'],
      ['GNU.sparse.numblocks', '1'],
      ['GNU.sparse.map', '0,3'],
      ['GNU.sparse.offset', '2'],
      ['GNU.sparse.numbytes', '3'],
    ]),
    file('a', 'abc'),
  ]),
  refused('sparse 0.1: another count of pieces', /sparse/, [
    pax([
      ['GNU.sparse.size', '10'],
      ['GNU.sparse.numblocks', '2'],
      ['GNU.sparse.map', '0,3'],
    ]),
    file('a', 'abc'),
  ]),
  refusedByUs('sparse 0.1: no map', /sparse/, [
    pax([
      ['GNU.sparse.size', '10'],
      ['GNU.sparse.numblocks', '0'],
      ['GNU.sparse.map', ''],
    ]),
    file('a', ''),
  ]),
  refusedByUs('sparse with half a version', /unknown form/, [
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.realsize', '3'],
    ]),
    file('a', `1\n0\n3\n${'\0'.repeat(506)}abc`),
  ]),
  ...(['ustar', 'star', 'v7'] as const).map((form) =>
    refused(`type S in a header of ${form}`, /unknown form/, [
      entry({ name: 'a', type: 'S', form }),
    ]),
  ),
  refused('old GNU and records of pax', /sparse/, [
    pax([['GNU.sparse.name', 'b']]),
    oldGnu('a', FEW),
  ]),
  refused('sparse 0.1: an odd map', /sparse/, [
    pax([
      ['GNU.sparse.size', '10'],
      ['GNU.sparse.numblocks', '1'],
      ['GNU.sparse.map', '0,3,5'],
    ]),
    file('a', 'abc'),
  ]),
  refusedByUs('a name of sparse files alone', /sparse/, [
    pax([['GNU.sparse.name', 'b']]),
    file('a', 'x'),
  ]),
  refusedByUs('a sparse size alone', /sparse/, [pax([['GNU.sparse.size', '10']]), file('a', '')]),
  refused('records of a sparse file at a folder', /sparse/, [
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '10'],
      ['GNU.sparse.name', 'b'],
    ]),
    entry({ name: 'a/', type: '5' }),
    NEXT,
  ]),
  refused('sparse old GNU with a size in pax', /two sizes/, [
    pax([['size', '10']]),
    oldGnu('a', { pieces: [[0, 10]], size: 20 }),
    NEXT,
  ]),
];
