import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError, RequestError } from '../../../agent/errors.ts';
import { ImageStore } from '../../../agent/images/image-store.ts';
import { layOverlay } from '../../../agent/images/lay-overlay.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { makeTinyImage } from '../../support/tiny-image.ts';

const NAME = 'waltplatform/pc-x86-64-default:latest';

async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const overlay = join(folder, 'overlay');
  await mkdir(join(overlay, 'bin'), { recursive: true });
  await writeFile(join(overlay, 'bin/walt-init'), '#!/bin/sh\n', { mode: 0o755 });
  const { database, writes } = await openRecords();
  const options = {
    folder: join(folder, 'state'),
    overlay,
    publicKey: 'ssh-ed25519 AAAA walt-server\n',
    defaultName: 'waltplatform/<model>-default:latest',
    registries: [],
    maxFiles: 1000,
    maxBytes: 10e6,
    writes,
    clock: () => 7,
  };
  const load = async () => {
    const store = new ImageStore(options);
    await store.load(database);
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

test('layOverlay() follows the links of the image, but never out of it', async (t) => {
  const folder = await temporaryFolder(t);
  const overlay = join(folder, 'overlay');
  await mkdir(join(overlay, 'bin'), { recursive: true });
  await writeFile(join(overlay, 'bin/tool'), 'ours');
  const good = join(folder, 'good');
  await mkdir(join(good, 'usr/bin'), { recursive: true });
  await symlink('usr/bin', join(good, 'bin'));
  await symlink('/etc/passwd', join(good, 'usr/bin/tool'));
  await layOverlay(good, { overlay, publicKey: 'key' });
  t.is(
    await readFile(join(good, 'usr/bin/tool'), 'utf8'),
    'ours',
    'a link is replaced, not followed',
  );

  const bad = join(folder, 'bad');
  await mkdir(bad);
  await symlink('../outside', join(bad, 'bin'));
  await mkdir(join(folder, 'outside'));
  await t.throwsAsync(layOverlay(bad, { overlay, publicKey: 'key' }), { instanceOf: ImageError });
  t.deepEqual(await readdir(join(folder, 'outside')), []);
});
