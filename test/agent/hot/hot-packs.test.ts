// Packs of a real file system, mounted as images are, read as an NFS server reads.
import {
  mkdir,
  open as openFile,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Node } from '../../../agent/devices/device.ts';
import { messageOf } from '../../../agent/errors.ts';
import { HotPacks } from '../../../agent/hot/hot-packs.ts';
import { evictByPrograms, evictFiles, residentFiles } from '../../../agent/hot/resident-files.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** More than may be added to a folder for it to be whole. */
const LARGE = 'never read'.repeat(200_000);

const FILES = {
  'etc/hello': 'hello',
  'etc/with blank\t"x"': 'odd name',
  'etc/ünï': 'letters',
  'usr/lib/large': 'x'.repeat(700_000),
  'etc/never': LARGE,
  'usr/lib/never': LARGE,
  'boot/kernel': 'a kernel',
};

/** Text, or where a link leads, by path. */
type Files = Readonly<Record<string, string>>;

/** An image at `images/k1/fs`, as the server has it: read only, and nothing of it in memory. */
async function mounted(t: ExecutionContext, more: Files, links: Files) {
  const folder = await temporaryFolder(t);
  const source = join(folder, 'source');
  for (const [name, text] of Object.entries({ ...FILES, ...more })) {
    await mkdir(join(source, name, '..'), { recursive: true });
    await writeFile(join(source, name), text);
  }
  for (const [name, target] of Object.entries(links)) {
    await mkdir(join(source, name, '..'), { recursive: true });
    await symlink(target, join(source, name));
  }
  await succeed(['chmod', '710', join(source, 'usr/lib')]);
  const file = join(folder, 'root.squashfs');
  await succeed(['mksquashfs', source, file, '-all-root', '-quiet']);
  const root = join(folder, 'images/k1/fs');
  await mkdir(root, { recursive: true });
  await succeed(['mount', '-o', 'loop,ro', file, root]);
  t.teardown(() => succeed(['umount', root]));
  return { folder, root };
}

async function open(t: ExecutionContext, more: Files = {}, links: Files = {}) {
  const { folder, root } = await mounted(t, more, links);
  const made: number[] = [];
  const problems: string[] = [];
  let isAlone = true;
  const options: ConstructorParameters<typeof HotPacks>[0] = {
    rootOf: (key) => join(folder, 'images', key, 'fs'),
    isWanted: ({ image }) => image !== 'bob/foreign:v1',
    isAlone: () => isAlone,
    onProblem: (reason) => problems.push(messageOf(reason)),
    onMade: ({ bytes }) => made.push(bytes),
  };
  const known = nodeNamed('pc-1', { ip: '192.168.152.2' });
  const { model = '', image = '' } = known;
  const node: Node = { ...known, type: 'node', model, image, root: 'k1' };
  const read = (...names: string[]) => Promise.all(names.map((name) => readFile(join(root, name))));
  return {
    ...{
      root,
      node,
      made,
      problems,
      read,
      packs: new HotPacks(options),
      again: () => new HotPacks(options),
    },
    crowd: (alone: boolean) => {
      isAlone = alone;
    },
  };
}

/** What a pack has, with modes. */
async function contentOf(path: string): Promise<string[]> {
  const { stdout } = await succeed(['unsquashfs', '-lln', path]);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => /^[-dl]/.test(line))
    .map((line) => line.replace(/^(\S+) (\S+).*squashfs-root\/?/, '$1 $2 '));
}

test('residentFiles() are those that were read, whatever their names, and not those of boot loaders', async (t) => {
  const { root, read } = await open(t);
  t.deepEqual([...(await residentFiles(root)).keys()], []);
  await read(...Object.keys(FILES).filter((name) => !name.endsWith('never')));
  const names = ['etc/hello', 'etc/with blank\t"x"', 'etc/ünï', 'usr/lib/large'];
  t.deepEqual([...(await residentFiles(root)).keys()].toSorted(), names.toSorted());
  for (const evict of [evictFiles, evictByPrograms]) {
    await evict(root, [...names, 'etc/gone']);
    t.deepEqual([...(await residentFiles(root)).keys()], []);
    await read(...names);
  }
});

test("HotPacks makes of the first boot a pack, with the image's modes, and of later ones a larger one", async (t) => {
  const { packs, node, read, made, again } = await open(t);
  await read('usr/lib/never');
  t.is(await packs.packFor(node), undefined);
  await packs.begun(node);
  await read('etc/hello', 'boot/kernel');
  await packs.booted(node);
  const pack = await packs.packFor(node);
  t.is(pack?.bytes, made[0]);
  t.is((await stat(pack?.path ?? '')).mode & 0o077, 0o044 & (await stat(pack?.path ?? '')).mode);
  t.deepEqual(await contentOf(pack?.path ?? ''), [
    'drwxr-xr-x 0/0 ',
    'drwxr-xr-x 0/0 etc',
    '-rw-r--r-- 0/0 etc/hello',
  ]);

  const next = again();
  // Somebody else, before it: what a boot reads counts all the same.
  await read('usr/lib/large');
  await next.begun(node);
  await read('etc/hello', 'usr/lib/large');
  await next.booted(node);
  t.is(made.length, 2);
  const larger = await contentOf((await next.packFor(node))?.path ?? '');
  t.true(larger.includes('drwx--x--- 0/0 usr/lib'));
  t.true(larger.includes('-rw-r--r-- 0/0 usr/lib/large'));
  t.false(larger.some((line) => line.endsWith('never')));
  t.like(await next.of('k1'), [{ model: node.model, files: 2 }]);
});

test('HotPacks puts all links of the image into a pack, which no memory tells of, but for those of boot loaders', async (t) => {
  const links = {
    'usr/lib/libone.so.1': 'libone.so.1.2',
    'etc/wants/ü "x"\nservice': '/dev/null',
    'boot/vmlinuz': 'kernel',
  };
  const { packs, node, read } = await open(t, {}, links);
  await packs.begun(node);
  await read('etc/hello');
  await packs.booted(node);
  const content = await contentOf((await packs.packFor(node))?.path ?? '');
  t.true(content.includes('lrwxrwxrwx 0/0 usr/lib/libone.so.1 -> libone.so.1.2'));
  t.true(content.includes('drwx--x--- 0/0 usr/lib'), 'a folder as the image has it');
  t.true(content.some((line) => line.startsWith('lrwxrwxrwx 0/0 etc/wants/ü "x"')));
  t.false(content.some((line) => line.includes('boot')));
});

test('HotPacks leaves out a large file of which a boot reads the beginning', async (t) => {
  const { packs, node, read, root } = await open(t, { 'usr/lib/archive': 'x'.repeat(20_000_000) });
  await packs.begun(node);
  await read('etc/hello');
  const archive = await openFile(join(root, 'usr/lib/archive'));
  await archive.read(Buffer.alloc(100), 0, 100, 0);
  await archive.close();
  t.is((await residentFiles(root)).get('usr/lib/archive'), 20_000_000);
  await packs.booted(node);
  const content = await contentOf((await packs.packFor(node))?.path ?? '');
  t.true(content.some((line) => line.endsWith('etc/hello')));
  t.false(content.some((line) => line.endsWith('archive')));
});

test('HotPacks records no boot beside others, of others, or of images that want none', async (t) => {
  const { packs, node, read, made, crowd } = await open(t);
  crowd(false);
  await packs.begun(node);
  await read('etc/hello');
  await packs.booted(node);
  crowd(true);
  const foreign = { ...node, image: 'bob/foreign:v1' };
  await packs.begun(foreign);
  await packs.booted(foreign);
  await packs.begun(node);
  await packs.booted({ ...node, mac: '02:00:00:00:00:99' });
  await packs.booted({ ...node, model: 'rpi-4-b' });
  await packs.begun({ ...node, model: '../../etc' });
  await packs.booted({ ...node, model: '../../etc' });
  t.deepEqual(made, []);
  t.is(await packs.packFor(node), undefined);
  t.is(await packs.packFor({ ...node, model: '../x' }), undefined);
  t.deepEqual(await packs.of('k1'), []);
});

test('HotPacks what fails is said once', async (t) => {
  const { packs, node, read, made, problems, root } = await open(t);
  await writeFile(join(root, '../hot'), 'no folder');
  for (let boot = 0; boot < 3; boot += 1) {
    await packs.begun(node);
    await read('etc/hello');
    await packs.booted(node);
  }
  t.deepEqual(made, []);
  t.is(problems.length, 1);
  t.regex(problems[0] ?? '', /hot is no folder/);
});

test('HotPacks a node that did not come up with its pack gets none the next time', async (t) => {
  const { packs, node, read } = await open(t);
  await packs.begun(node);
  await read('etc/hello');
  await packs.booted(node);
  const fetched = async () => (await packs.packFor(node)) !== undefined;
  t.deepEqual([await fetched(), await fetched(), await fetched()], [true, false, true]);
  await packs.booted(node);
  t.true(await fetched());
  t.not(await packs.packFor({ ...node, mac: '02:00:00:00:00:99' }), undefined);
});

test('HotPacks an image that is gone is no problem', async (t) => {
  const { packs, node, problems, made } = await open(t);
  await packs.begun({ ...node, root: 'k2' });
  await packs.booted({ ...node, root: 'k2' });
  t.deepEqual([problems, made], [[], []]);
});

test('HotPacks a list that a power cut has halved is made again', async (t) => {
  const { packs, node, read, made, root } = await open(t);
  await packs.begun(node);
  await read('etc/hello');
  await packs.booted(node);
  const list = join(root, '../hot', `${node.model}.json`);
  await writeFile(list, '{"files":["etc/he');
  await mkdir(join(root, '../hot/.making-x'));
  await packs.begun(node);
  await read('usr/lib/never');
  await packs.booted(node);
  t.is(made.length, 2);
  t.deepEqual((await readdir(join(root, '../hot'))).toSorted(), [
    `${node.model}.json`,
    `${node.model}.squashfs`,
  ]);
  for (const odd of ['null', '{}', '{"files":["etc/hello"],"boots":3}']) {
    await writeFile(list, odd);
    t.like(await packs.of('k1'), [{ files: 0 }], odd);
  }
  await rm(list);
  t.like(await packs.of('k1'), [{ files: 0 }]);
});

test('HotPacks leaves nothing of an image that goes while its memory is looked at', async (t) => {
  const folder = await temporaryFolder(t);
  const image = join(folder, 'images/k1');
  await mkdir(join(image, 'fs/etc'), { recursive: true });
  await writeFile(join(image, 'fs/etc/hello'), 'hello');
  const problems: unknown[] = [];
  let looks = 0;
  const packs = new HotPacks({
    rootOf: (key) => join(folder, 'images', key, 'fs'),
    ...{ isWanted: () => true, isAlone: () => true, onMade: () => undefined },
    onProblem: (reason) => problems.push(reason),
    memory: {
      evict: async () => undefined,
      resident: async () => {
        looks += 1;
        if (looks === 1) return new Map<string, number>();
        await rm(image, { recursive: true });
        return new Map([['etc/hello', 5]]);
      },
    },
  });
  const node = nodeNamed('pc', { ip: '192.168.152.9', root: 'k1' }) as Node;
  await packs.begun(node);
  await packs.booted(node);
  t.is(looks, 2);
  t.deepEqual([await readdir(join(folder, 'images')), problems], [[], []]);
});
