import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { imageTree } from '../../../agent/hot/image-tree.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A name of most letters that a name may have. */
const LONG = 'n'.repeat(255);
/** As dates: node takes a number below 0 for now. */
const [EARLY, LATE] = [new Date('1960'), new Date('2400')];

test('imageTree() has no pack have what squashfs cannot: other times, and what is below them; names that are no text; deep paths', async (t) => {
  const root = await temporaryFolder(t);
  for (const name of ['etc/hello', 'etc/late', 'early/below/file', 'boot/kernel']) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), 'text');
  }
  await symlink('hello', join(root, 'etc/link'));
  await utimes(join(root, 'etc/late'), LATE, LATE);
  await utimes(join(root, 'early'), EARLY, EARLY);
  await succeed(['mkfifo', join(root, 'etc/pipe')]);
  const odd = Buffer.concat([Buffer.from(join(root, 'etc/')), Buffer.from([0xff])]);
  await writeFile(odd, 'text');
  const deep = Array.from({ length: 12 }, () => LONG).join('/');
  await mkdir(join(root, deep), { recursive: true });
  const found = (await imageTree(root)).filter(({ path }) => !path.startsWith('n'));
  const kinds = found.map(({ path, kind, bytes }) => `${kind} ${bytes} ${path}`);
  t.deepEqual(kinds.toSorted(), [
    ...['closed 0 early', 'closed 0 early/below', 'closed 0 early/below/file'],
    ...['closed 0 etc/late', 'closed 0 etc/pipe', 'closed 0 etc/\ufffd'],
    ...['file 4 etc/hello', 'folder 0 etc', 'link 0 etc/link'],
  ]);
  const all = await imageTree(root);
  t.is(all.find(({ path }) => path === deep)?.kind, 'closed');
  t.is(all.find(({ path }) => path === LONG)?.kind, 'folder');
});

test('imageTree() of an image with very much has its links alone, however deep its folders are', async (t) => {
  const root = await temporaryFolder(t);
  const deep = join(root, ...Array.from({ length: 11 }, () => LONG));
  await mkdir(deep, { recursive: true });
  // More than 16 MiB of paths.
  const touch = 'chdir $ARGV[0]; for (1 .. 6500) { open my $file, ">", $_ or die }';
  await succeed(['perl', '-e', touch, deep]);
  await symlink('x', join(root, 'link'));
  t.deepEqual(await imageTree(root), [{ path: 'link', kind: 'link', bytes: 0 }]);
});

test('imageTree() has no pack have a folder that something is mounted on, be it empty', async (t) => {
  const root = await temporaryFolder(t);
  for (const name of ['etc/own/one', 'etc/other/one']) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), 'text');
  }
  await succeed(['mount', '-t', 'tmpfs', 'none', join(root, 'etc/other')]);
  t.teardown(() => succeed(['umount', join(root, 'etc/other')]));
  t.deepEqual(
    (await imageTree(root)).map(({ kind, path }) => `${kind} ${path}`),
    ['folder etc', 'closed etc/other', 'folder etc/own', 'file etc/own/one'],
  );
});
