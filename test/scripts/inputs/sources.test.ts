import test from 'ava';
import { fileName, poolPath, snapshotOf } from '../../../scripts/inputs/input.ts';
import { inputs } from '../../../scripts/inputs/sources.ts';

test('inputs are each pinned by a SHA-256', (t) => {
  for (const input of Object.values(inputs)) t.regex(input.sha256, /^[0-9a-f]{64}$/);
});

test("fileName() leaves out the epoch of a version, as Debian's pool does", (t) => {
  t.is(fileName(inputs.syslinux), 'syslinux_6.04~git20190206.bf6db5b4+dfsg1-3+b1_amd64.deb');
});

test('fileName() is the given one for an input with a URL', (t) => {
  const input = { kind: 'url', file: 'a-1.bin', url: 'http://x.test/a.bin', sha256: '' } as const;
  t.is(fileName(input), 'a-1.bin');
});

test('poolPath() puts sources on the shelf of their first letter', (t) => {
  t.is(poolPath(inputs.ipxe), 'pool/main/i/ipxe/ipxe_1.21.1+git20250501.dad20602+dfsg-1_all.deb');
});

test('poolPath() puts libraries on the shelf of their first four letters', (t) => {
  const library = { ...inputs.mtools, source: 'libisoburn', package: 'xorriso', version: '1-1' };
  t.is(poolPath(library), 'pool/main/libi/libisoburn/xorriso_1-1_amd64.deb');
});

test('snapshotOf() is where a package stays that the pool may lose, and none where no moment is known', (t) => {
  const input = { ...inputs.mtools, snapshot: '20261127T120000Z' };
  t.is(snapshotOf(input), 'https://snapshot.debian.org/archive/debian/20261127T120000Z/');
  t.is(snapshotOf(inputs.mtools), undefined);
});
