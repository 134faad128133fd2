// The state of an early server: a root is a folder without facts, and layers are kept as they were sent.
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import type { Manifest } from '../../../../agent/images/content/descriptor.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const NAME = 'alice/web:latest';

test('images of an early server stay, become roots over layers, and leave nothing twice', async (t) => {
  const folder = await temporaryFolder(t);
  const early = await openImageStore(folder, { form: 'folder' });
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  const { digest } = await early.store.import(layout, { name: NAME, progress: early.progress });
  const { state } = early;
  const root = early.store.rootOf(early.store.keyOf(NAME) ?? '');
  const key = `${digest.slice('sha256:'.length)}-0123456789ab`;
  await rm(join(dirname(root), 'root.json'));
  await rename(dirname(root), join(state, 'images', key));
  await rm(join(state, 'layers'), { recursive: true });
  const manifest = await readFile(join(state, 'blobs', ...digest.split(':')), 'utf8');
  const [layer] = (JSON.parse(manifest) as Manifest).layers;
  const sent = join('blobs', ...(layer?.digest ?? '').split(':'));
  await copyFile(join(layout, sent), join(state, sent));

  const { store, problems, missing, rest } = await openImageStore(folder);
  t.deepEqual([problems, missing], [[], []]);
  t.is(store.keyOf(NAME), `sha256:${key}`, 'nodes boot what there is');
  await store.renewAll();
  const renewed = store.keyOf(NAME) ?? '';
  t.not(renewed, `sha256:${key}`);
  t.deepEqual((await readdir(dirname(store.rootOf(renewed)))).toSorted(), [
    'fs',
    'root.erofs',
    'root.json',
  ]);
  t.deepEqual(await store.collect(() => [`sha256:${key}`]), { folders: 0, blobs: 1 });
  await t.throwsAsync(stat(join(state, sent)), { code: 'ENOENT' }, 'the layer is there once');
  t.true((await stat(store.rootOf(`sha256:${key}`))).isDirectory(), 'a node runs from it');
  t.deepEqual(await store.collect(() => []), { folders: 1, blobs: 0 });
  t.is((await rest()).images.length, 1);
  await mkdir(join(folder, 'copy'));
  await store.makeLayout({ digest }, join(folder, 'copy'));
});
