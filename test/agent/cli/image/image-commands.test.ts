import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startRegistry } from '../../../../lab/servers/oci-registry.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

/** A server with a default image that has a shell; alice has a clone of it. */
async function lab(): Promise<TestPlatform> {
  const platform = await startTestPlatform();
  const layout = await makeShellImage(join(platform.folder, 'made'));
  await platform.images.import(layout, { name: DEFAULT, progress: () => undefined });
  await platform.images.alias(DEFAULT, 'alice/pc:latest');
  return platform;
}

/** What the root file system of an image has at a path. */
async function contentOf({ images }: TestPlatform, name: string, path: string): Promise<string> {
  return await readFile(join(images.rootOf(images.keyOf(name) ?? ''), path), 'utf8');
}

test.serial('walt image show lists own images, --all those of everybody', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  t.regex((await platform.walt('image', 'show')).err, /There is no image yet/);
  const layout = await makeShellImage(join(platform.folder, 'made'));
  await platform.images.import(layout, { name: DEFAULT, progress: () => undefined });
  const { out, err } = await platform.walt('image', 'show');
  t.is(out, '');
  t.regex(err, /You have no image yet\. Default images: waltplatform\/pc-x86-64-default:latest\./);
  const cloned = await platform.walt('image', 'clone', `walt:${DEFAULT}`);
  t.regex(cloned.out, /^Image alice\/pc-x86-64:latest is ready for pc-x86-64/);
  t.regex((await platform.walt('image', 'show')).out, /^pc-x86-64:latest +no .* pc-x86-64$/m);
  const names = await platform.walt('image', 'show', '--all', '--names-only');
  t.is(names.out, `alice/pc-x86-64:latest\n${DEFAULT}\n`);
});

test.serial(
  'walt image show IMAGE tells who boots it, and what its nodes fetch in one piece',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt, registry, images } = platform;
    const image = 'alice/pc:latest';
    const root = images.keyOf(image) ?? '';
    await put(registry, { ...nodeNamed('one', { ip: '127.0.152.11', image }), root });
    const before = (await walt('image', 'show', 'pc')).out;
    t.regex(before, /^name +alice\/pc:latest$/m);
    t.regex(before, /^booted by +one$/m);
    t.notRegex(before, /pack/);
    const folder = join(images.rootOf(root), '../hot');
    await mkdir(folder);
    await writeFile(join(folder, 'pc-x86-64.squashfs'), Buffer.alloc(2_500_000));
    await writeFile(join(folder, 'pc-x86-64.json'), '{"files":["a","b"],"bytes":9,"boots":1}');
    const shown = (await walt('image', 'show', 'alice/pc:latest')).out;
    t.regex(shown, /^sent in one pack +pc-x86-64: 2\.5 MB, 2 files$/m);
    const { hotPacks } = JSON.parse((await walt('image', 'show', 'pc', '--json')).out);
    t.deepEqual(hotPacks, [{ model: 'pc-x86-64', bytes: 2_500_000, files: 2 }]);
    t.regex((await walt('image', 'show', 'nope')).err, /There is no image alice\/nope:latest/);
    t.regex((await walt('image', 'show', 'pc', '--all')).err, /or --all, not both/);
  },
);

test.serial(
  'images are duplicated, renamed and removed by name, unless nodes boot them',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt, registry, images } = platform;
    t.is(
      (await walt('image', 'duplicate', 'pc', 'web:v1')).out,
      'Image pc is there as alice/web:v1.\n',
    );
    t.regex(
      (await walt('image', 'duplicate', 'pc', 'web:v1')).err,
      /There is an image 'web:v1' already\. Choose another name\.\n$/,
    );
    t.is(
      (await walt('image', 'rename', 'web:v1', 'db')).out,
      'Image web:v1 is now called alice/db:latest.\n',
    );
    await put(registry, nodeNamed('one', { ip: '127.0.152.11', image: 'alice/db:latest' }));
    for (const args of [
      ['rename', 'db', 'x'],
      ['remove', 'db'],
    ]) {
      const { code, err } = await walt('image', ...args);
      t.deepEqual(
        [code, /Cannot (rename|remove) db:latest: one boots it/.test(err)],
        [1, true],
        err,
      );
    }
    t.is((await walt('image', 'remove', 'pc')).code, 0);
    t.deepEqual(
      images
        .all()
        .map(({ name }) => name)
        .toSorted(),
      ['alice/db:latest', DEFAULT],
    );
    t.regex(
      (await walt('image', 'remove', 'pc')).err,
      /No image 'pc:latest' is in your working set/,
    );
    t.regex((await walt('image', 'remove', DEFAULT)).err, /belongs to waltplatform/);
  },
);

test.serial(
  'walt image cp puts files into an image as one new layer, and gets them out',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt, folder, images, registry } = platform;
    const before = images.byName('alice/pc:latest');
    await put(
      registry,
      nodeNamed('one', {
        ip: '127.0.152.11',
        image: 'alice/pc:latest',
        root: images.keyOf('alice/pc:latest') ?? '',
      }),
    );
    const source = join(folder, 'site');
    await mkdir(join(source, 'sub'), { recursive: true });
    await writeFile(join(source, 'sub', 'page'), 'hello');
    const { code, out, err } = await walt('image', 'cp', source, 'pc:/etc');
    t.is(code, 0, err);
    t.regex(out, /Image alice\/pc:latest is ready.*Nodes get it when they boot/);
    const after = images.byName('alice/pc:latest');
    t.is(after?.layers.length, (before?.layers.length ?? 0) + 1);
    t.deepEqual(after?.layers.slice(0, -1), before?.layers, 'the layers below are the same');
    t.deepEqual(after?.labels, before?.labels);
    t.is(await contentOf(platform, 'alice/pc:latest', 'etc/site/sub/page'), 'hello');
    await t.throwsAsync(contentOf(platform, DEFAULT, 'etc/site/sub/page'), { code: 'ENOENT' });
    t.is(registry.byName('one')?.root, images.keyOf(DEFAULT), 'a node that runs keeps its content');

    const back = join(folder, 'back');
    t.is((await walt('image', 'cp', 'pc:/etc/site', back)).code, 0);
    t.is(await readFile(join(back, 'sub', 'page'), 'utf8'), 'hello');
    const again = join(folder, 'again');
    const outwards = await walt('image', 'cp', '--json', 'pc:/etc/site/sub/page', again);
    const copied = { image: 'pc', path: '/etc/site/sub/page', target: again };
    t.deepEqual(JSON.parse(outwards.out), copied, outwards.err);
    const inwards = await walt('image', 'cp', '--json', again, 'pc:/etc/again');
    t.like(
      JSON.parse(inwards.out),
      { name: 'alice/pc:latest', models: ['pc-x86-64'] },
      inwards.err,
    );
    // As cp(1): no folder is made on the way, and none takes the place of a file.
    const { digest } = images.byName('alice/pc:latest') ?? {};
    const namesake = join(folder, 'namesake/site');
    await mkdir(join(folder, 'namesake'));
    await writeFile(namesake, 'a file');
    for (const [from, to, why] of [
      [again, '/srv/www/page', /there is no folder \/srv\/www in the image\. Make it first/],
      [again, '/etc/new/', /there is no folder \/etc\/new in the image/],
      [source, '/etc/none/site', /there is no folder \/etc\/none in the image/],
      [source, '/etc/again', /\/etc\/again of the image is a file, and no folder/],
      [again, '/etc/again/', /\/etc\/again of the image is a file, and no folder/],
      [namesake, '/etc', /\/etc\/site is a folder in the image, and a file here/],
    ] as const) {
      const refused = await walt('image', 'cp', from, `pc:${to}`);
      t.is(refused.code, 1, to);
      t.regex(refused.err, /^Nothing was copied: /m, to);
      t.regex(refused.err, why, to);
      t.is(images.byName('alice/pc:latest')?.digest, digest, to);
    }
    const renamed = await walt('image', 'cp', source, 'pc:/etc/other/');
    t.is(renamed.code, 0, renamed.err);
    t.is(await contentOf(platform, 'alice/pc:latest', 'etc/other/sub/page'), 'hello');
    const onto = await walt('image', 'cp', 'pc:/etc/site', again);
    t.regex(onto.err, /^Cannot copy \/etc\/site of pc to \S+: cannot overwrite .* 'site'\n$/);
    const nowhere = await walt('image', 'cp', 'pc:/etc/site/sub/page', '/no/where/page');
    t.regex(nowhere.err, /^Cannot copy \S+ of pc to \/no\/where\/page: cannot create .*\n$/);
    t.regex((await walt('image', 'cp', 'pc:/nothing', back)).err, /The image has no \/nothing/);
    t.regex((await walt('image', 'cp', 'pc:/outside/x', back)).err, /leads out of it|has no/);
    t.regex((await walt('image', 'cp', '/nothing', 'pc:/etc')).err, /There is no \/nothing/);
    t.regex(
      (await walt('image', 'cp', '/etc/hosts', '/tmp/x')).err,
      /one of the two has to be IMAGE:PATH/,
    );
  },
);

test.serial(
  'walt image build starts from images of this server, squash makes one layer',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt, folder, images } = platform;
    const context = join(folder, 'context');
    await mkdir(context);
    await writeFile(
      join(context, 'Dockerfile'),
      'FROM alice/pc\nCOPY motd /etc/motd\nRUN echo built > /built\n',
    );
    await writeFile(join(context, 'motd'), 'welcome');
    const { code, out, err } = await walt('image', 'build', '--from-dir', context, 'web');
    t.is(code, 0, err);
    t.regex(out, /^Image alice\/web:latest is ready for pc-x86-64/);
    t.is(await contentOf(platform, 'alice/web:latest', 'etc/motd'), 'welcome');
    t.is(await contentOf(platform, 'alice/web:latest', 'built'), 'built\n');
    const squashed = await walt('image', 'squash', 'web', '--json');
    t.is(JSON.parse(squashed.out).name, 'alice/web:latest', squashed.err);
    t.is(images.byName('alice/web:latest')?.layers.length, 1);
    t.is(await contentOf(platform, 'alice/web:latest', 'built'), 'built\n');
    t.regex((await walt('image', 'build', '--from-dir', context, 'web')).err, /already.*--force/);
    await writeFile(join(context, 'Dockerfile'), 'FROM alice/pc\nRUN false\n');
    t.regex(
      (await walt('image', 'build', '--from-dir', context, 'x')).err,
      /Cannot build what the Dockerfile says: .*RUN false.*: exit status 1\n$/,
    );
    t.regex((await walt('image', 'build', 'x')).err, /either --from-dir or --from-url/);
  },
);

test.serial(
  'walt image publish sends an image to a registry, where search and clone find it',
  async (t) => {
    const place = await temporaryFolder(t);
    const registry = await startRegistry(join(place, 'registry'), {
      login: 'lab:secret',
      tls: true,
    });
    t.teardown(registry.stop);
    const credentials = join(place, 'credentials');
    await writeFile(credentials, 'lab:secret\n', { mode: 0o600 });
    const { address, ca } = registry;
    const lab = { name: 'lab', address, credentials, ca, http: false, mirrors: [] };
    const platform = await startTestPlatform({ registries: [lab] });
    t.teardown(platform.close);
    const { walt, images } = platform;
    const layout = await makeShellImage(join(platform.folder, 'made'));
    const image = await images.import(layout, { name: 'alice/pc:v1', progress: () => undefined });

    const published = await walt('image', 'publish', 'pc:v1');
    t.is(published.out, 'Image alice/pc:v1 is published.\n', published.err);
    t.regex(published.err, new RegExp(`published as ${address}/alice/pc:v1`));
    const table = await walt('image', 'search', 'PC');
    t.regex(table.out, /^user +image +location +compatibility +clonable-image-link\n/);
    t.regex(table.out, /\nalice +pc +lab +\? +lab:alice\/pc\n$/);
    t.is((await walt('image', 'search', 'PC', '--names-only')).out, 'lab:alice/pc\n');
    const nothing = await walt('image', 'search', 'no-such');
    t.deepEqual([nothing.code, nothing.out, nothing.err], [0, '', 'No image was found.\n']);
    const cloned = await walt('image', 'clone', 'lab:alice/pc:v1', 'again');
    t.is(cloned.code, 0, cloned.err);
    const again = images.byName('alice/again:latest') ?? image;
    const held = async (one: typeof image) =>
      (await images.layersOf(one)).map(({ diffId }) => diffId);
    t.deepEqual(await held(again), await held(image));
    t.is((await walt('image', 'publish', 'again')).code, 0);
    t.is((await walt('image', 'clone', 'lab:alice/again', 'third')).code, 0);
    const third = images.byName('alice/third:latest');
    t.is(third?.digest, again.digest, 'what the registry has is not packed anew');
    t.deepEqual(images.byName('alice/again:latest')?.labels, image.labels);
    t.regex(
      (await walt('image', 'publish', 'pc:v1', '--registry', 'x')).err,
      /no registry 'x'.*lab/,
    );
    t.regex((await walt('image', 'clone', 'pc')).err, /does not say where the image is/);
    await writeFile(credentials, 'lab:wrong\n');
    t.regex((await walt('image', 'publish', 'pc:v1')).err, /Cannot publish alice\/pc:v1 to lab/);
    const half = await walt('image', 'search');
    t.deepEqual([half.code, half.out], [0, '']);
    t.regex(half.err, /Cannot search lab: access is denied.*\nNo image was found\.\n$/);
  },
);
