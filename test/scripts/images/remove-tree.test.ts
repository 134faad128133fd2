import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { removeTree } from '../../../scripts/images/remove-tree.ts';
import { $ } from '../../../scripts/run.ts';

test('removeTree() leaves alone what is mounted in the folder', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-remove-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const [outside, tree] = [join(folder, 'outside'), join(folder, 'a tree')];
  await mkdir(outside);
  await writeFile(join(outside, 'file'), 'of the host');
  await mkdir(join(tree, 'root/dev'), { recursive: true });
  await $`mount --bind ${outside} ${join(tree, 'root/dev')}`;
  await mkdir(join(tree, 'root/dev/pts'));
  await $`mount -t tmpfs none ${join(tree, 'root/dev/pts')}`;

  await removeTree(tree);

  t.is(await readFile(join(outside, 'file'), 'utf8'), 'of the host');
  await t.throwsAsync(access(tree));
});
