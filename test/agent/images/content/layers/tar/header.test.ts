import test from 'ava';
import {
  decodeHeader,
  isZero,
  numberAt,
} from '../../../../../../agent/images/content/layers/tar/header.ts';
import { TarError } from '../../../../../../agent/images/content/layers/tar/tar-error.ts';
import { base256, entry, type RawHeader } from '../../../../../support/images/layers/raw-tar.ts';

const decoded = (of: Partial<RawHeader>) =>
  decodeHeader(entry({ name: 'n', ...of }).subarray(0, 512));

test('decodeHeader() reads all fields', (t) => {
  const header = decoded({
    type: '3',
    mode: 0o4755,
    uid: 1,
    gid: 2,
    size: 3,
    mtime: 4,
    link: 'l',
    device: [5, 6],
    prefix: 'p/q',
  });
  t.deepEqual(header, {
    ...{ format: 'ustar', name: 'p/q/n', mode: 0o4755, uid: 1, gid: 2, size: 3, mtime: 4 },
    ...{ type: '3', link: 'l', major: 5, minor: 6 },
  });
});

for (const form of ['ustar', 'gnu', 'star', 'v7'] as const) {
  test(`decodeHeader() knows the form ${form}, and names that fill their field`, (t) => {
    const header = decoded({ form, name: 'n'.repeat(100), link: 'l'.repeat(100) });
    t.is(header.format, form);
    t.deepEqual([header.name.length, header.link.length], [100, 100]);
  });
}

test('decodeHeader() refuses a header with any bit of another one', (t) => {
  const good = entry({ name: 'name', uid: 0o7070 }).subarray(0, 512);
  for (let at = 0; at < 512; at += 1) {
    // A checksum may be written with spaces instead of zeros, and more or fewer of them.
    if (at >= 148 && at < 156) continue;
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 1;
    t.throws(() => decodeHeader(bad), { instanceOf: TarError }, `byte ${at}`);
  }
});

const NUMBERS: readonly (readonly [string, string | Buffer, number | undefined])[] = [
  ['octal', '0000017\0', 15],
  ['octal with spaces', '   17 \0 ', 15],
  ['octal that fills the field', '00000017', 15],
  ['nothing', '\0\0\0\0\0\0\0\0', 0],
  ['digits that are not octal', '0000018\0', undefined],
  ['digits with a sign', '-000001\0', undefined],
  ['digits with something between', '00\x000017', undefined],
  ['base 256', base256(300n, 8), 300],
  ['base 256, negative', base256(-300n, 8), -300],
  ['base 256, the largest that is exact', base256(2n ** 53n - 1n, 8), 2 ** 53 - 1],
  ['base 256, larger', base256(2n ** 53n, 8), undefined],
  ['base 256, the most negative', Buffer.from('c000000000000000', 'hex'), undefined],
];

for (const [what, bytes, value] of NUMBERS) {
  test(`numberAt() reads ${what}`, (t) => {
    const block = Buffer.alloc(20, 0x7f);
    block.set(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, 5);
    const read = () => numberAt(block, { at: 5, length: 8, field: 'size' });
    if (value === undefined) t.throws(read, { instanceOf: TarError, message: /size is no number/ });
    else t.is(read(), value);
  });
}

test('isZero() is true of zeros alone', (t) => {
  const block = Buffer.alloc(512);
  t.true(isZero(block));
  block[511] = 1;
  t.false(isZero(block));
});
