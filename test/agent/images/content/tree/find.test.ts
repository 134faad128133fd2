import test from 'ava';
import { find, placeOf, putAt } from '../../../../../agent/images/content/tree/find.ts';
import {
  emptyFolder,
  type Folder,
  OWN_ATTRIBUTES,
  ownFile,
} from '../../../../../agent/images/content/tree/image-tree.ts';

/** Folders usr/lib and etc, a file etc/motd, and links. */
function tree(): Folder {
  const root = emptyFolder();
  for (const path of ['usr', 'usr/lib', 'etc']) putAt(root, path, emptyFolder());
  putAt(root, 'etc/motd', ownFile(Buffer.from('hello'), 0o644));
  for (const [path, target] of [
    ['lib', 'usr/lib'],
    ['usr/lib/up', '../../etc'],
    ['usr/lib/all', '/etc/motd'],
    ['out', '../etc'],
    ['nowhere', 'a/b'],
    ['back', 'a/../etc'],
    ['circle', 'circle'],
    ['long', 'n'.repeat(256)],
  ] as const) {
    putAt(root, path, { kind: 'link', target, attributes: OWN_ATTRIBUTES });
  }
  return root;
}

for (const [path, kind, where] of [
  ['', 'found', ''],
  ['/', 'found', ''],
  ['etc/motd', 'found', 'etc/motd'],
  ['//etc/./motd', 'found', 'etc/motd'],
  ['lib/up/motd', 'found', 'etc/motd'],
  ['lib/all', 'found', 'etc/motd'],
  ['etc/none', 'missing', 'etc/none'],
  ['etc/motd/below', 'missing', 'etc/motd/below'],
  ['nowhere/c', 'missing', 'a/b/c'],
  ['out', 'refused', undefined],
  ['back', 'refused', undefined],
  ['circle', 'refused', undefined],
  ['long', 'refused', undefined],
] as const) {
  test(`find() of '${path}': ${kind} ${where ?? ''}`, (t) => {
    const found = find(tree(), path);
    t.is(found.kind, kind);
    t.is(found.kind === 'refused' ? undefined : found.path, where);
  });
}

const how = { fail: (reason: string) => new RangeError(reason), replace: () => false };

test('placeOf() makes folders on the way, and follows no last link', (t) => {
  const root = tree();
  t.is(placeOf(root, 'nowhere/c/d', how)?.path, 'a/b/c/d');
  t.is(find(root, 'a/b/c').kind, 'found');
  t.is(placeOf(root, 'circle', how)?.path, 'circle');
  t.is(placeOf(root, './', how), undefined);
});

test('placeOf() puts a folder in the place of a file that gives way, and fails for others', (t) => {
  const root = tree();
  const replace = (path: string) => path === 'etc/motd';
  t.is(placeOf(root, 'etc/motd/below', { ...how, replace })?.path, 'etc/motd/below');
  t.throws(() => placeOf(tree(), 'etc/motd/below', how), { message: '/etc/motd is no folder' });
  for (const path of ['out/a', 'circle/a', 'long/a']) {
    t.throws(() => placeOf(tree(), path, how), { instanceOf: RangeError }, path);
  }
});
