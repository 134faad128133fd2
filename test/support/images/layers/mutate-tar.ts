// Damages an archive as somebody would who knows its format: fields change with their checksum, entries go, come twice, change
// places or come from another archive.
import { mutate } from '../../bytes/mutate.ts';
import { base256, writeSum } from './raw-tar.ts';

const BLOCK = 512;
/** Where a field begins, and what is worth a try there. */
const FIELDS: readonly { readonly at: number; readonly values: readonly (string | Buffer)[] }[] = [
  {
    at: 0,
    values: [
      'a\0',
      'a/b\0',
      'd/a\0',
      './a\0',
      '/a\0',
      'a/\0',
      '.\0',
      '\0',
      '../a\0',
      'l/a\0',
      'n\xff\0',
    ],
  },
  { at: 0, values: ['.wh.a\0', 'a/.wh.b\0', 'a/.wh..wh..opq\0', '.wh..wh..opq\0', 'dev/null\0'] },
  { at: 157, values: ['a\0', 'a/b\0', '/a\0', '..\0', '/\0', '\0', './d\0', 'b\0', 'l\0'] },
  { at: 156, values: [...'01234567SLKx\0'] },
  { at: 124, values: ['00000000000\0', '00000000001\0', '00000001000\0', '00000000777\0'] },
  {
    at: 124,
    values: ['77777777777\0', base256(-1n, 12), base256(512n, 12), base256(2n ** 62n, 12)],
  },
  { at: 100, values: ['0000644\0', '0004755\0', '7777777\0', '        ', base256(-1n, 8)] },
  { at: 108, values: ['0000001\0', base256(3_000_000n, 8), base256(2n ** 32n, 8)] },
  { at: 136, values: ['00000000000\0', '77777777777\0', base256(-5n, 12), '1.5        \0'] },
  { at: 257, values: ['ustar\x0000', 'ustar  \0', '\0\0\0\0\0\0\0\0', 'ustar\0  '] },
  { at: 329, values: ['0000001\0', '0000010\0', base256(-1n, 8)] },
  { at: 345, values: ['p\0', '00000000001\0', 'a/b/c\0'] },
  { at: 482, values: ['\0', '\x01'] },
  { at: 483, values: ['00000000000\0', '00000010000\0', '77777777777\0'] },
  { at: 508, values: ['tar\0', '\0\0\0\0'] },
];

/** @param random from 0 up to 1 @param other an archive to take entries from */
export function mutateTar(
  archive: Buffer,
  { random, other }: { readonly random: () => number; readonly other: Buffer },
): Buffer {
  const pick = (below: number) => Math.floor(random() * below);
  const units = unitsOf(archive);
  const changes = 1 + pick(4);
  for (let change = 0; change < changes; change += 1) {
    const at = pick(units.length);
    const unit = units[at];
    if (unit === undefined) continue;
    const kind = pick(12);
    if (kind < 5) units[at] = withField(unit, pick);
    else if (kind < 7) units[at] = withByte(unit, { pick, isSummed: kind === 5 });
    else if (kind === 7) units.splice(at, 1);
    else if (kind === 8) units.splice(at, 0, unit);
    else if (kind === 9) units.push(...units.splice(at, 1));
    else if (kind === 10) units.splice(at, 0, ...unitsOf(other).slice(0, 1 + pick(3)));
    else units[at] = Buffer.from(mutate(unit.subarray(0, 2 * BLOCK), random));
  }
  return Buffer.concat(units);
}

/** Headers with their content, as far as the headers tell; the end mark is one too. */
function unitsOf(archive: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at < archive.length; ) {
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    const length = BLOCK * (1 + Math.ceil((size > 0 && size < archive.length ? size : 0) / BLOCK));
    units.push(archive.subarray(at, at + length));
    at += length;
  }
  return units;
}

type Pick = (below: number) => number;

function withField(unit: Buffer, pick: Pick): Buffer {
  const changed = Buffer.from(unit);
  const field = FIELDS[pick(FIELDS.length)];
  const value = field?.values[pick(field.values.length)] ?? '';
  if (changed.length < BLOCK) return changed;
  changed.set(typeof value === 'string' ? Buffer.from(value, 'latin1') : value, field?.at ?? 0);
  writeSum(changed.subarray(0, BLOCK));
  return changed;
}

function withByte(
  unit: Buffer,
  { pick, isSummed }: { readonly pick: Pick; readonly isSummed: boolean },
): Buffer {
  const changed = Buffer.from(unit);
  // Text of pax headers and sparse maps is changed as well.
  changed[pick(changed.length)] = ['0', '1', '9', '=', '\n', '/', '\0', ' ', ',', '-']
    .map((text) => text.charCodeAt(0))
    .concat(pick(256))[pick(11)] as number;
  if (isSummed && changed.length >= BLOCK) writeSum(changed.subarray(0, BLOCK));
  return changed;
}
