// `walt image gc` as people run it: what no image and no node needs goes, what one of them needs stays.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

/** Takes in an image of its own content. */
async function take({ images, folder }: TestPlatform, name: string, content: string) {
  const layer = [...BOOTABLE, { path: 'content', content: content.repeat(1_000_000) }];
  const layout = await makeLayout(join(folder, `made-${content}`), [tar(layer)]);
  return await images.import(layout, { name, progress: () => undefined });
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test.serial('walt image gc frees what neither an image nor a running node needs', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { walt, images, registry } = platform;
  const folderOf = (name: string) => images.rootOf(images.keyOf(name) ?? '');
  await take(platform, DEFAULT, 'a');
  const [running, root] = [folderOf(DEFAULT), images.keyOf(DEFAULT) ?? ''];
  await put(registry, nodeNamed('one', { ip: '127.0.152.11', image: DEFAULT, root }));
  await take(platform, 'alice/web', 'b');
  const unneeded = folderOf('alice/web:latest');
  await take(platform, DEFAULT, 'c');
  t.is((await walt('image', 'remove', 'web')).code, 0);
  t.true(await isThere(unneeded), 'removing a name frees nothing yet');

  const { code, out, err } = await walt('image', 'gc');
  t.is(code, 0, err);
  t.regex(out, /^Freed \d+ MB\.\n$/);
  t.false(await isThere(unneeded));
  t.true(await isThere(running), 'a node runs from it');
  t.true(await isThere(folderOf(DEFAULT)));
  const again = JSON.parse((await walt('image', 'gc', '--json')).out);
  t.like(again, { folders: 0, blobs: 0, removed: [], unused: [] });
});

test.serial(
  'walt image gc lists images that nobody uses, and --unused removes those alone',
  async (t) => {
    const platform = await startTestPlatform({ unusedDays: 0 });
    t.teardown(platform.close);
    const { walt, images, registry } = platform;
    const image = await take(platform, 'alice/web', 'a');
    await images.alias('alice/web:latest', 'bob/idle:v1');
    const root = images.keyOf('alice/web:latest') ?? '';
    await put(registry, nodeNamed('one', { ip: '127.0.152.11', image: image.name, root }));

    const { out, err } = await walt('image', 'gc');
    t.regex(out, /Not used for long:\n\nname +for +size\n.*\nbob\/idle:v1 +0 days +\d+ MB\n/, err);
    t.notRegex(out, /alice\/web/);
    t.regex(out, /walt image gc --unused removes them/);
    t.is(images.all().length, 2, 'nothing goes unasked');

    const refused = await walt('image', 'gc', '--unused');
    t.regex(refused.err, /belongs to other users and will be removed: bob\/idle:v1\.\n.*--yes/);
    t.deepEqual([refused.code, images.all().length], [1, 2], 'not without asking');

    const removed = await walt('image', 'gc', '--unused', '--yes');
    t.regex(removed.out, /^Removed image bob\/idle:v1\.\nFreed \d+ MB\.\n$/, removed.err);
    t.deepEqual(
      images.all().map(({ name }) => name),
      ['alice/web:latest'],
    );
    t.true(await isThere(images.rootOf(root)));
  },
);
