import test from 'ava';
import {
  folderBytes,
  folderContent,
} from '../../../../../agent/images/content/roots/erofs/folders.ts';
import { canKeep, xattrsOf } from '../../../../../agent/images/content/roots/erofs/xattrs.ts';
import { emptyFolder, ownFile } from '../../../../../agent/images/content/tree/image-tree.ts';

const BLOCK = 4096;
const folderOf = (names: readonly string[]) => {
  const folder = emptyFolder();
  for (const name of names) folder.children.set(name, ownFile(Buffer.alloc(0), 0o644));
  return folder;
};

test('folderContent() is entries, then names, in the order of bytes', (t) => {
  const inodes: Record<string, number> = { '.': 36, '..': 40, a: 44, '\xff': 48 };
  const content = folderContent(folderOf(['\xff', 'a']), (name) => inodes[name] ?? 0);
  const entry = (inode: string, place: string, type: string) =>
    `${inode}00000000000000${place}00${type}00`;
  t.is(
    content.toString('hex'),
    [
      entry('24', '30', '02'),
      entry('28', '31', '02'),
      entry('2c', '33', '01'),
      entry('30', '34', '01'),
      '2e',
      '2e2e',
      '61',
      'ff',
    ].join(''),
  );
});

test('folderContent() begins a block where the next name does not fit', (t) => {
  // 15 names of 255 bytes and `.`, `..` take 4032 bytes; the next one begins a block.
  const names = Array.from({ length: 16 }, (_none, at) => String.fromCharCode(97 + at).repeat(255));
  t.is(folderBytes(folderOf(names.slice(0, 15))), 27 + 15 * 267);
  t.is(folderBytes(folderOf(names)), BLOCK + 267);
  const content = folderContent(folderOf(names), () => 1);
  t.is(content.readUInt16LE(BLOCK + 8), 12);
  t.is(content.toString('latin1', BLOCK + 12), 'p'.repeat(255));
});

test('folderBytes() of names that fill a block to its last byte', (t) => {
  const names = Array.from({ length: 15 }, (_none, at) => String.fromCharCode(97 + at).repeat(255));
  t.is(folderBytes(folderOf([...names, 'z'.repeat(BLOCK - 27 - 15 * 267 - 12)])), BLOCK);
});

test('xattrsOf() writes each at a multiple of four, behind a header', (t) => {
  const { bytes, count } = xattrsOf({ 'user.ab': 'xyz', 'security.capability': '\xff' });
  const header = '00'.repeat(12);
  const capability = `0a060100${Buffer.from('capability').toString('hex')}ff00`;
  const user = `02010300${Buffer.from('abxyz').toString('hex')}000000`;
  t.is(Buffer.from(bytes).toString('hex'), `${header}${capability}${user}`);
  t.is(count, (bytes.length - 12) / 4 + 1);
});

test('xattrsOf() leaves out what the file system has no prefix for', (t) => {
  t.deepEqual(xattrsOf({ 'other.a': 'x' }), { bytes: new Uint8Array(), count: 0 });
  t.true(canKeep('system.posix_acl_access'));
  t.false(canKeep('system.posix_acl_access2'));
});
