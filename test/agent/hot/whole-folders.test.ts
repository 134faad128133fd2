import test from 'ava';
import type { Entry } from '../../../agent/hot/image-tree.ts';
import { wholeFolders } from '../../../agent/hot/whole-folders.ts';

/** Bytes of files by path; the folders that lead to them come with them, and those that end with a slash. */
function treeOf(files: Readonly<Record<string, number>>): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [name, bytes] of Object.entries(files)) {
    const parts = name.split('/');
    for (let count = 1; count < parts.length; count += 1) {
      const path = parts.slice(0, count).join('/');
      entries.set(path, { path, kind: 'folder', bytes: 0 });
    }
    if (!name.endsWith('/')) entries.set(name, { path: name, kind: 'file', bytes });
  }
  return [...entries.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

test('wholeFolders() takes the topmost folder of which little is missing, with all that is in it', (t) => {
  const tree = treeOf({
    'etc/hosts': 100,
    'etc/systemd/system.conf': 200,
    'etc/systemd/empty/': 0,
    'usr/lib/systemd/systemd': 90_000,
    'usr/lib/libc.so': 2_000_000,
    'usr/lib/large': 2_000_000,
  });
  t.deepEqual(
    wholeFolders(tree, new Set(['etc/hosts', 'usr/lib/systemd/systemd', 'usr/lib/libc.so'])),
    {
      folders: ['etc', 'usr/lib/systemd'],
      added: [
        ...['etc', 'etc/hosts', 'etc/systemd', 'etc/systemd/empty', 'etc/systemd/system.conf'],
        ...['usr/lib/systemd', 'usr/lib/systemd/systemd'],
      ],
    },
  );
});

test('wholeFolders() takes folders in which there is nothing to read, and not those that no boot reads', (t) => {
  const tree = treeOf({ 'tmp/': 0, 'usr/local/bin/': 0, 'usr/share/doc/readme': 1 });
  t.deepEqual(wholeFolders(tree, new Set()).folders, ['tmp', 'usr/local']);
});

test('wholeFolders() takes no folder whose files are large, or of which boots read next to nothing', (t) => {
  const few = (size: number) => treeOf({ 'a/hot': 1, 'a/cold': size });
  t.deepEqual(wholeFolders(few(2 * 4096), new Set(['a/hot'])).folders, ['a']);
  t.deepEqual(wholeFolders(few(2 * 4096 + 1), new Set(['a/hot'])).folders, []);
  const zones = (count: number) =>
    treeOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [`a/${index}`, 1])));
  t.deepEqual(wholeFolders(zones(100), new Set(['a/0'])).folders, ['a']);
  t.deepEqual(wholeFolders(zones(101), new Set(['a/0'])).folders, []);
});

test('wholeFolders() adds two MiB to a folder, four in all', (t) => {
  const tree = (names: readonly string[], each: number) =>
    treeOf(
      Object.fromEntries(
        names.flatMap((name) =>
          Array.from({ length: 600 }, (_, index) => [`${name}/${index}`, each] as const),
        ),
      ),
    );
  const hot = (names: readonly string[]) =>
    new Set(names.flatMap((name) => Array.from({ length: 10 }, (_, index) => `${name}/${index}`)));
  const names = ['a', 'b', 'c', 'd'];
  t.deepEqual(wholeFolders(tree(names, 3000), hot(names)).folders, ['a', 'b']);
  t.deepEqual(wholeFolders(tree(['a'], 3600), hot(['a'])).folders, []);
});

test('wholeFolders() takes no folder with something that no pack can have, and none above it', (t) => {
  const tree: Entry[] = [
    ...treeOf({ 'etc/hosts': 1, 'etc/ssl/cert': 1, 'etc/pki/cert': 1 }),
    { path: 'etc/ssl/private', kind: 'closed', bytes: 0 },
  ];
  const { folders } = wholeFolders(tree, new Set(['etc/hosts', 'etc/ssl/cert', 'etc/pki/cert']));
  t.deepEqual(folders, ['etc/pki']);
});

test('wholeFolders() leaves a folder of very many names as it is', (t) => {
  const many = (count: number) =>
    treeOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [`etc/${index}`, 0])));
  t.deepEqual(wholeFolders(many(5000), new Set()).folders, ['etc']);
  t.deepEqual(wholeFolders(many(5001), new Set()).folders, []);
});

test('wholeFolders() takes so many names in all, also of folders in which there is nothing', (t) => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((folder) =>
    Array.from({ length: 4000 }, (_, number) => [`${folder}/${number}`, 0] as const),
  );
  const found = wholeFolders(treeOf(Object.fromEntries(names)), new Set());
  t.deepEqual(found.folders, ['a', 'b', 'c', 'd']);
});

// What looks at each folder above each name takes minutes here.
test('wholeFolders() goes through folders in folders once', (t) => {
  const folders = Array.from({ length: 2000 }, (_, depth) => `a${'/a'.repeat(depth)}`);
  const names = Array.from({ length: 5000 }, (_, number) => `${folders.at(-1)}/${number}`);
  const tree: Entry[] = [
    ...folders.map((path) => ({ path, kind: 'folder' as const, bytes: 0 })),
    ...names.map((path) => ({ path, kind: 'file' as const, bytes: 0 })),
  ];
  const found = wholeFolders(tree, new Set());
  t.deepEqual(found.folders, [folders.at(-1)]);
  t.is(found.added.length, 5001);
});
