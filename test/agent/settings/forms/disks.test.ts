import test from 'ava';
import { disks } from '../../../../agent/settings/forms/disks.ts';
import { reads, refuses } from './form-cases.ts';

const GB = 1e9;
const plain = (sizeBytes: number) => ({ sizeBytes, template: 'none' }) as const;

test('disks are read with their sizes and templates', reads, disks, [
  ['none', []],
  ['1G', [plain(GB)]],
  ['16T', [plain(16_000 * GB)]],
  ['16000G', [plain(16_000 * GB)]],
  ['8G[template=none]', [plain(8 * GB)]],
  ['1T[template=ext4],32G', [{ sizeBytes: 1000 * GB, template: 'ext4' }, plain(32 * GB)]],
  ['2T[template=fat32]', [{ sizeBytes: 2000 * GB, template: 'fat32' }]],
  [Array(8).fill('1G').join(), Array(8).fill(plain(GB))],
]);

test('disks refuses sizes that are none', refuses, disks, [
  ['', /expected none, or sizes with G or T/],
  ['8', /'8' is no size of a disk, expected none, or sizes/],
  ['8M', /'8M' is no size/],
  ['8g', /'8g' is no size/],
  ['-8G', /'-8G' is no size/],
  ['none,8G', /'none' is no size/],
  ['0G', /'0G' is nothing, expected 1G or more/],
  ['17T', /'17T' is too large, expected 16T or less/],
  ['16001G', /too large/],
]);

test('disks refuses lists and brackets that are not closed or empty', refuses, disks, [
  [',', /expected none, or sizes/],
  ['8G,', /expected none, or sizes/],
  ['8G,,8G', /expected none, or sizes/],
  ['8G[', /expected none, or sizes/],
  ['8G[]', /expected none, or sizes/],
  ['8G]', /expected none, or sizes/],
  ['[template=ext4]', /expected none, or sizes/],
  ['8G[template]', /expected none, or sizes/],
  ['8G[template=ext4]x', /expected none, or sizes/],
  ['8G[template=ext4],[', /expected none, or sizes/],
  [Array(9).fill('1G').join(), /expected 8 disks at most/],
]);

test('disks refuses templates that are none or too small for the disk', refuses, disks, [
  ['8G[template=ntfs]', /no template 'ntfs', expected none, ext4, fat32/],
  ['8G[size=ext4]', /'8G' has no option 'size', expected template/],
  ['8G[template=ext4,template=none]', /'8G' has option 'template' twice/],
  ['3T[template=fat32]', /'3T' is too large for fat32, expected 2T or less/],
]);
