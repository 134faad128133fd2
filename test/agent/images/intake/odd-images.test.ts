// Images that are odd as a whole: without anything, with everything taken back, behind links, of very many layers.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const NAME = 'alice/web:latest';
const GONE = tar(['boot', 'bin', 'sbin'].map((path) => ({ path: `.wh.${path}` })));
const link = (path: string, target: string) => ({ path, type: '2', target });
const moved = BOOTABLE.map((entry) => ({
  ...entry,
  path: entry.path.replace(/^boot\//, 'd/real/'),
}));
const layersOf = (count: number) =>
  Array.from({ length: count }, (_, at) => tar([{ path: `layer/${at}`, content: `of ${at}` }]));
const NOTHING = /has no start file.*\n.*busybox is missing.*\n.*init is missing/;

const refused: readonly [string, readonly Uint8Array[], RegExp][] = [
  ['no layers', [], NOTHING],
  ['a layer without entries', [tar([])], NOTHING],
  ['a layer without bytes', [Buffer.alloc(0)], NOTHING],
  ['all taken back', [tar(BOOTABLE), GONE], NOTHING],
  ['all taken back at once', [tar(BOOTABLE), tar([{ path: '.wh..wh..opq' }])], NOTHING],
  ['links in a circle', [tar([...moved, link('boot', 'a'), link('a', '/boot')])], /no start file/],
  [
    'files without content',
    [tar(BOOTABLE.map((entry) => ({ ...entry, content: '' })))],
    /start\.ipxe is no iPXE script/,
  ],
];

for (const [title, layers, reason] of refused) {
  test(`an image with ${title} is refused, and leaves nothing`, async (t) => {
    const folder = await temporaryFolder(t);
    const { store, progress, rest } = await openImageStore(folder);
    const layout = await makeLayout(join(folder, 'made'), layers);
    await t.throwsAsync(store.import(layout, { name: NAME, progress }), { message: reason });
    t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
  });
}

const taken: readonly [string, readonly Uint8Array[]][] = [
  ['all taken back and given again', [tar(BOOTABLE), GONE, tar(BOOTABLE)]],
  [
    'a boot folder behind three links',
    [tar([...moved, link('boot', 'a'), link('a', '/b'), link('b', 'd/../d/real')])],
  ],
  ['60 more layers', [tar(BOOTABLE), ...layersOf(60)]],
];

for (const [title, layers] of taken) {
  test(`an image with ${title} is taken`, async (t) => {
    const folder = await temporaryFolder(t);
    const { store, progress, notes } = await openImageStore(folder);
    const layout = await makeLayout(join(folder, 'made'), layers);
    await store.import(layout, { name: NAME, progress });
    t.deepEqual(notes, []);
    const root = store.rootOf(store.keyOf(NAME) ?? '');
    // The test would follow the link /b out of the image.
    const boot = title.includes('links') ? 'd/real' : 'boot';
    t.regex(await readFile(join(root, boot, 'pc-x86-64/start.ipxe'), 'utf8'), /^#!ipxe/);
    if (layers.length > 60) t.is(await readFile(join(root, 'layer/59'), 'utf8'), 'of 59');
  });
}

// mount(2) takes one page of options, and each layer is one.
test('an image of more layers than a mount takes is a folder, and is the only one', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, notes, rest } = await openImageStore(folder);
  const huge = await makeLayout(join(folder, 'huge'), [tar(BOOTABLE), ...layersOf(240)]);
  await store.import(huge, { name: 'alice/huge', progress });
  const formOf = async (name: string) => {
    const root = store.rootOf(store.keyOf(name) ?? '');
    return JSON.parse(await readFile(join(root, '../root.json'), 'utf8')).form;
  };
  const known = await formOf('alice/huge:latest');
  t.is(notes.length, known === 'folder' ? 1 : 0);
  for (const { text } of notes) t.regex(text, /^it is kept as a folder .*\(mount: .*\)$/);
  await store.import(await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]), {
    name: NAME,
    progress,
  });
  t.is(await formOf(NAME), 'erofs');
  t.is((await rest()).images.length, 2);
});
