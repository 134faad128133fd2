// All odd layers that tests and fuzzing know.
import { ATTRIBUTE_CASES } from './cases/attributes.ts';
import { COMPRESSION_CASES } from './cases/compression.ts';
import { HEADER_CASES } from './cases/headers.ts';
import { LINK_CASES } from './cases/links.ts';
import { MARK_CASES } from './cases/marks.ts';
import { NAME_CASES } from './cases/names.ts';
import { SPARSE_CASES } from './cases/sparse.ts';
import type { LayerCase } from './layer-case.ts';

export const CORPUS: readonly LayerCase[] = [
  ...HEADER_CASES,
  ...NAME_CASES,
  ...SPARSE_CASES,
  ...LINK_CASES,
  ...MARK_CASES,
  ...ATTRIBUTE_CASES,
  ...COMPRESSION_CASES,
];
