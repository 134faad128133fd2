import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError, RequestError } from '../../../../agent/errors.ts';
import { ImageStore } from '../../../../agent/images/intake/image-store.ts';
import { collectImages } from '../../../../agent/images/workshop/collect.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder, unmountBelow } from '../../../support/temporary-folder.ts';

const NAME = 'waltplatform/pc-x86-64-default:latest';

async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const overlay = join(folder, 'overlay');
  await mkdir(join(overlay, 'bin'), { recursive: true });
  await writeFile(join(overlay, 'bin/walt-init'), '#!/bin/sh\n', { mode: 0o755 });
  const { store: database } = await openRecords();
  const options = {
    folder: join(folder, 'state'),
    overlay,
    publicKey: 'ssh-ed25519 AAAA walt-server\n',
    templateValues: () => ({}),
    onNotes: () => undefined,
    defaultName: 'waltplatform/<model>-default:latest',
    registries: [],
    maxFiles: 1000,
    maxBytes: 10e6,
    records: database.images,
    clock: () => 7,
  };
  const load = async () => {
    const store = new ImageStore(options);
    await store.load();
    return store;
  };
  const steps: string[] = [];
  const progress = (step: string) => steps.push(step);
  const rest = async () => ({
    images: await readdir(join(options.folder, 'images')),
    tmp: await readdir(join(options.folder, 'tmp')),
  });
  return { folder, store: await load(), load, progress, steps, rest };
}

test('ImageStore.import() takes in an image with the node side laid over', async (t) => {
  const { folder, store, progress, load } = await open(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), { name: NAME });
  const image = await store.import(layout, { name: NAME, progress });
  t.like(image, { name: NAME, models: ['pc-x86-64'], created: 7 });
  const root = store.rootOf(store.keyOf(NAME) ?? '');
  t.is(await readFile(join(root, 'bin/walt-init'), 'utf8'), '#!/bin/sh\n');
  t.is((await stat(join(root, 'bin/walt-init'))).mode & 0o777, 0o755);
  t.regex(await readFile(join(root, 'root/.ssh/authorized_keys'), 'utf8'), /walt-server\n$/);
  t.is((await stat(join(root, 'root/.ssh/authorized_keys'))).mode & 0o777, 0o600);
  t.is(store.defaultOf('pc-x86-64'), NAME);
  t.is(store.defaultOf('rpi-4-b'), undefined);
  t.deepEqual((await load()).all(), store.all(), 'a restarted server knows it');
});

test('ImageStore.defaultOf() takes an image of several models, but one of its own first', async (t) => {
  const { folder, store, progress } = await open(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await store.import(layout, { name: 'alice/pc-default', progress });
  t.is(store.defaultOf('pc-x86-64'), undefined, "somebody's own image is nobody's default");
  await store.import(layout, { name: 'waltplatform/pc-default', progress });
  t.is(store.defaultOf('pc-x86-64'), 'waltplatform/pc-default:latest');
  t.is(store.defaultOf('pc-x86-32'), undefined);
  await store.import(layout, { name: NAME, progress });
  t.is(store.defaultOf('pc-x86-64'), NAME);
});

test('ImageStore.import() unpacks the same content once', async (t) => {
  const { folder, store, progress, steps, rest } = await open(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await store.import(layout, { name: 'alice/one', progress });
  steps.length = 0;
  await store.import(layout, { name: 'alice/two', progress });
  t.deepEqual(steps, ['reading layout', 'already unpacked']);
  t.deepEqual(
    store.all().map(({ name }) => name),
    ['alice/one:latest', 'alice/two:latest'],
  );
  t.is((await rest()).images.length, 1);
});

const refusals: readonly [string, (layout: string) => string, string, RegExp][] = [
  ['a path where nothing is', (layout) => `${layout}-none`, NAME, /no such file/],
  ['a bad name', (layout) => layout, 'No Name', /not the name of an image/],
  ['a name without owner', (layout) => layout, 'x', /not the name of an image/],
];

for (const [title, sourceOf, name, message] of refusals) {
  test(`ImageStore.import() refuses ${title} and leaves nothing`, async (t) => {
    const { folder, store, progress, rest } = await open(t);
    const layout = await makeTinyImage(join(folder, 'tiny'), {});
    const error = await t.throwsAsync(store.import(sourceOf(layout), { name, progress }), {
      instanceOf: RequestError,
    });
    t.regex(error?.message ?? '', message);
    t.deepEqual(await rest(), { images: [], tmp: [] });
  });
}

test('ImageStore.import() refuses an image that cannot boot, names what is missing and leaves nothing', async (t) => {
  const { folder, store, progress, rest } = await open(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), { files: ['etc/nothing'] });
  const error = await t.throwsAsync(store.import(layout, { name: NAME, progress }), {
    instanceOf: ImageError,
  });
  t.is(error?.problems.length, 3);
  t.deepEqual(await rest(), { images: [], tmp: [] });
  t.deepEqual(store.all(), []);
});

test('ImageStore.import() refuses a file that is no image', async (t) => {
  const { folder, store, progress, rest } = await open(t);
  const file = join(folder, 'text.tar');
  await writeFile(file, 'not a tar');
  await t.throwsAsync(store.import(file, { name: NAME, progress }), { instanceOf: ImageError });
  t.deepEqual(await rest(), { images: [], tmp: [] });
});

test('ImageStore.load() clears away what an interrupted import left', async (t) => {
  const { folder, load, rest } = await open(t);
  await mkdir(join(folder, 'state/tmp/import-x/bundle'), { recursive: true });
  await load();
  t.deepEqual((await rest()).tmp, []);
});

test('ImageStore.renewAll() gives the node side of a newer server to images of an older one', async (t) => {
  const folder = await temporaryFolder(t);
  const before = await openImageStore(folder);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await writeFile(join(before.overlay, 'bin/old-tool'), 'old');
  const old = await openImageStore(folder);
  await old.store.import(layout, { name: NAME, progress: old.progress });
  const oldKey = old.store.keyOf(NAME) ?? '';
  await rm(join(old.overlay, 'bin/old-tool'));
  await writeFile(join(old.overlay, 'bin/new-tool'), 'new');

  const { store } = await openImageStore(folder);
  t.is(store.keyOf(NAME), oldKey, 'until it is renewed nodes boot what there is');
  await store.renewAll();
  const key = store.keyOf(NAME) ?? '';
  t.not(key, oldKey);
  t.is(await readFile(join(store.rootOf(key), 'bin/new-tool'), 'utf8'), 'new');
  await t.throwsAsync(stat(join(store.rootOf(key), 'bin/old-tool')), { code: 'ENOENT' });
  const keys = await readFile(join(store.rootOf(key), 'root/.ssh/authorized_keys'), 'utf8');
  t.is(keys.split('\n').length, 2, 'the key is there once');
  const file = 'boot/pc-x86-64/kernel';
  const [one, two] = [oldKey, key].map((each) => join(store.rootOf(each), file));
  t.is((await stat(one ?? '')).ino, (await stat(two ?? '')).ino, 'all else is shared');
  t.deepEqual(
    await store.collect(() => [oldKey]),
    { folders: 0, blobs: 0 },
    'a node still runs from it',
  );
  t.deepEqual(await store.collect(() => []), { folders: 1, blobs: 0 });
});

test('ImageStore fetches nothing twice, and collects what no image needs', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, rest } = await openImageStore(folder);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await store.import(layout, { name: 'alice/one', progress });
  await store.alias('alice/one', 'bob/two');
  await store.rename('alice/one', 'alice/three');
  await t.throwsAsync(store.rename('alice/three', 'bob/two'), { message: /already/ });
  await store.remove('alice/three');
  t.deepEqual(await store.collect(() => []), { folders: 0, blobs: 0 }, 'bob has it still');
  await store.remove('bob/two');
  t.deepEqual(await store.collect(() => []), { folders: 1, blobs: 3 });
  t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
});

test('collectImages() offers images that no node had for long, and removes no other', async (t) => {
  const folder = await temporaryFolder(t);
  const DAY = 86_400_000_000;
  let now = 0;
  const clock = () => now;
  const { store, progress } = await openImageStore(folder, { clock });
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  for (const name of ['a/idle', 'a/recent', 'a/running'])
    await store.import(layout, { name, progress });
  now = 20 * DAY;
  await store.markUsed(['a/recent:latest']);
  now = 31 * DAY;
  const inUse = () => ({ names: ['a/running:latest'], keys: [] });
  const options = { unusedDays: 30, inUse, clock };
  const told = await collectImages(store, { ...options, removeUnused: false });
  t.like(told.unused, [{ name: 'a/idle:latest', days: 31 }]);
  t.deepEqual(told.removed, []);
  const done = await collectImages(store, { ...options, removeUnused: true });
  t.deepEqual(done.removed, ['a/idle:latest']);
  t.deepEqual(
    store.all().map(({ name }) => name),
    ['a/recent:latest', 'a/running:latest'],
  );
});

test('ImageStore.load() does not offer an image whose content is gone', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, state } = await openImageStore(folder);
  await store.import(await makeTinyImage(join(folder, 'tiny'), {}), { name: NAME, progress });
  await unmountBelow(state);
  await rm(join(state, 'images'), { recursive: true });
  t.deepEqual((await openImageStore(folder)).missing, [], 'its layers are here');
  await rm(join(state, 'layers'), { recursive: true });
  const again = await openImageStore(folder);
  t.deepEqual(again.missing, [NAME]);
  t.is(again.store.defaultOf('pc-x86-64'), undefined);
});

test('ImageStore fetches a layer again that the disk has spoilt', async (t) => {
  const folder = await temporaryFolder(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  const { store, progress, state, rest } = await openImageStore(folder);
  await store.import(layout, { name: NAME, progress });
  const [layer = ''] = (await rest()).layers;
  await unmountBelow(state);
  await rm(join(state, 'images'), { recursive: true });
  await writeFile(join(state, 'layers', layer, 'index.json.zst'), 'spoilt');
  const again = await openImageStore(folder);
  await again.store.import(layout, { name: NAME, progress });
  t.is(again.store.all().length, 1);
});

test('no two images have names that differ in capitals only', async (t) => {
  const { folder, store, progress } = await open(t);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await store.import(layout, { name: 'alice/web:V1', progress });
  const refused = { instanceOf: RequestError, message: /alice\/web:V1 already.*capital letters/ };
  await t.throwsAsync(store.import(layout, { name: 'alice/web:v1', progress }), refused);
  await t.throwsAsync(store.alias('alice/web:V1', 'alice/web:v1'), refused);
  await store.alias('alice/web:V1', 'alice/db');
  await t.throwsAsync(store.rename('alice/db', 'alice/web:v1'), refused);
  await store.rename('alice/web:V1', 'alice/web:v1');
  t.not(store.byName('alice/web:v1'), undefined);
});

test('an image whose name is none any more can be renamed, replaced and removed', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, records, progress } = await openImageStore(folder);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await store.import(layout, { name: 'alice/web', progress });
  await records.database.updateTable('images').set({ name: 'alice/web-:latest' }).execute();
  await records.database.destroy();
  const again = await openImageStore(folder);
  await again.store.import(layout, { name: 'alice/web-', progress });
  t.is((await again.store.rename('alice/web-', 'alice/db')).name, 'alice/db:latest');
  await t.throwsAsync(again.store.rename('alice/db', 'alice/web-'), { instanceOf: RequestError });
});

test('collectImages() removes no image that a node gets while others are removed', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress } = await openImageStore(folder, { clock: () => 1 });
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  for (const name of ['a/one', 'a/two']) await store.import(layout, { name, progress });
  const inUse = () => ({
    names: store.byName('a/one:latest') === undefined ? ['a/two:latest'] : [],
    keys: [],
  });
  const options = { unusedDays: 0, inUse, clock: () => 2, removeUnused: true };
  t.deepEqual((await collectImages(store, options)).removed, ['a/one:latest']);
  t.not(store.byName('a/two:latest'), undefined);
});

test('ImageStore.collect() deletes nothing while the disk does not give what an image consists of', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, state, rest } = await openImageStore(folder);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  const { digest } = await store.import(layout, { name: NAME, progress });
  const manifest = join(state, 'blobs', ...digest.split(':'));
  await rm(manifest);
  await mkdir(manifest);
  const { blobs } = await rest();
  await t.throwsAsync(
    store.collect(() => []),
    { instanceOf: ImageError },
  );
  t.deepEqual((await rest()).blobs, blobs);
});

test('ImageStore.renewAll() makes a root again that cannot be mounted any more', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, state } = await openImageStore(folder);
  await store.import(await makeTinyImage(join(folder, 'tiny'), {}), { name: NAME, progress });
  const [key = ''] = await readdir(join(state, 'images'));
  await unmountBelow(state);
  const file = join(state, 'images', key, 'root.erofs');
  // Another file: a device on the old one may take a moment to go.
  await rm(file);
  await writeFile(file, 'spoilt');
  const again = await openImageStore(folder);
  t.regex(again.problems.join(), /Cannot mount image folder/);
  t.deepEqual(again.missing, []);
  t.is(again.store.keyOf(NAME), undefined);
  await again.store.renewAll();
  const root = again.store.rootOf(again.store.keyOf(NAME) ?? '');
  t.true((await readFile(join(root, 'bin/walt-init'), 'utf8')).startsWith('#!'));
});

test('an image is a folder with copies where nothing can be mounted', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, state } = await openImageStore(folder, { form: 'folder' });
  await store.import(await makeTinyImage(join(folder, 'tiny'), {}), { name: NAME, progress });
  const root = store.rootOf(store.keyOf(NAME) ?? '');
  t.true((await readFile(join(root, 'bin/walt-init'), 'utf8')).startsWith('#!'));
  t.deepEqual((await readdir(dirname(root))).toSorted(), ['fs', 'root.json']);
  t.notRegex(await readFile('/proc/self/mountinfo', 'utf8'), new RegExp(state));
});
