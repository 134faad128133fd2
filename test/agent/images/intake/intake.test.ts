// What is let in and what is not: images made byte by byte.
import { lstat, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ImageError } from '../../../../agent/errors.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { attribute, BOOTABLE, type Entry, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const NAME = 'alice/test:latest';
const ELF_ARM64 = Buffer.from(`7f454c46020101000000000000000000${'0200b700'}`, 'hex');

const without = (path: string) => BOOTABLE.filter((entry) => entry.path !== path);
const modules = (list: string): Entry[] => [
  ...BOOTABLE,
  { path: 'lib/modules/6.1.0-9-amd64/modules.dep', content: list },
];

const refusals: readonly {
  readonly title: string;
  readonly layers: readonly (readonly Entry[])[];
  readonly labels?: Record<string, string>;
  readonly architecture?: string;
  readonly message: RegExp;
}[] = [
  {
    title: 'no label',
    layers: [BOOTABLE],
    labels: {},
    message: /label walt\.node\.models is missing: add it/,
  },
  {
    title: 'a kernel that its start script names and that is not there',
    layers: [without('boot/pc-x86-64/kernel')],
    message: /start\.ipxe starts the kernel 'kernel': add \/boot\/pc-x86-64\/kernel/,
  },
  {
    title: 'no boot files for one of its models',
    layers: [BOOTABLE],
    labels: { 'walt.node.models': 'pc-x86-64,rpi-3-b' },
    architecture: '',
    message: /\/boot\/rpi-3-b\/ has no start file: add start\.uboot/,
  },
  {
    title: 'no init',
    layers: [without('sbin/init')],
    message: /\/sbin\/init is missing.*systemd-sysv/,
  },
  {
    title: 'a configuration for another processor',
    layers: [BOOTABLE],
    architecture: 's390x',
    message: /its programs are for s390x, which a pc-x86-64 cannot run: build it for amd64/,
  },
  {
    title: 'programs for another processor',
    layers: [[...without('bin/busybox'), { path: 'bin/busybox', content: ELF_ARM64 }]],
    message: /its programs are for arm64/,
  },
  {
    title: 'a kernel without NFS',
    layers: [modules('kernel/fs/overlayfs/overlay.ko.xz:\n')],
    message: /kernel 6\.1\.0-9-amd64 has no module 'nfs'.*CONFIG_NFS_FS/,
  },
  {
    title: 'a kernel without overlay',
    layers: [modules('kernel/fs/nfs/nfs.ko:\nkernel/fs/nfs/overlay.korean:\n')],
    message: /has no module 'overlay'/,
  },
  {
    title: 'a path that climbs',
    layers: [[...BOOTABLE, { path: '../../../outside', content: 'x' }]],
    message: /layer 1 of 1: a path of it climbs with \.\.: '\.\.\/\.\.\/\.\.\/outside'/,
  },
  {
    title: 'a path through a link that leads out',
    layers: [
      BOOTABLE,
      [{ path: 'out', type: '2', target: '../../../..' }],
      [{ path: 'out/etc/x' }],
    ],
    message: /layer 3 of 3: '\/out\/etc\/x' cannot be followed: a link leads out of the image/,
  },
  {
    title: 'a hard link to outside',
    layers: [[...BOOTABLE, { path: 'shadow', type: '1', target: '../../../../etc/shadow' }]],
    message: /climbs with \.\./,
  },
  {
    title: 'links in a circle',
    layers: [
      [
        ...BOOTABLE,
        { path: 'a', type: '2', target: 'b' },
        { path: 'b', type: '2', target: 'a' },
        { path: 'a/file', content: 'x' },
      ],
    ],
    message: /links go round in circles/,
  },
  {
    title: 'a disk as a device file',
    layers: [[...BOOTABLE, { path: 'dev/sda', type: '4', device: [8, 0] }]],
    message: /\/dev\/sda is a device file \(block 8:0\): remove it/,
  },
  {
    title: 'memory under a harmless name',
    layers: [[...BOOTABLE, { path: 'dev/null', type: '3', device: [1, 1] }]],
    message: /\/dev\/null is a device file \(character 1:1\)/,
  },
  {
    title: 'more files than the limit',
    layers: [[...BOOTABLE, ...Array.from({ length: 1000 }, (_, at) => ({ path: `many/${at}` }))]],
    message: /it has 1000 files or more: .* raise images\.maxFiles/,
  },
  {
    title: 'a file that is said to be larger than any disk',
    layers: [[...BOOTABLE, { path: 'bomb', size: 8 * 2 ** 30 - 1 }]],
    message: /unpacked it is larger than 10 MB \(images\.maxGigabytes\)/,
  },
];

for (const { title, layers, message, ...made } of refusals) {
  test(`ImageStore.import() refuses ${title}, and leaves nothing`, async (t) => {
    const folder = await temporaryFolder(t);
    const { store, progress, rest } = await openImageStore(folder);
    const layout = await makeLayout(join(folder, 'made'), layers.map(tar), made);
    const error = await t.throwsAsync(store.import(layout, { name: NAME, progress }), {
      instanceOf: ImageError,
    });
    t.regex(error?.message ?? '', message);
    t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
    t.deepEqual(store.all(), []);
  });
}

test('ImageStore.import() refuses 100,000 files as it is configured', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, rest } = await openImageStore(folder, {
    maxFiles: 100_000,
    maxBytes: 1e9,
  });
  const many = Array.from({ length: 100_000 }, (_, at) => ({ path: `many/${at}` }));
  const layout = await makeLayout(join(folder, 'made'), [tar([...BOOTABLE, ...many])]);
  await t.throwsAsync(store.import(layout, { name: NAME, progress }), {
    message: /it has 100000 files or more/,
  });
  t.deepEqual((await rest()).images, []);
});

test('ImageStore.import() counts the files of layers that are here too', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress } = await openImageStore(folder);
  const files = (name: string) =>
    Array.from({ length: 500 }, (_, at) => ({ path: `${name}/${at}` }));
  const first = tar([...BOOTABLE, ...files('one')]);
  const one = await makeLayout(join(folder, 'one'), [first]);
  await store.import(one, { name: NAME, progress });
  const both = await makeLayout(join(folder, 'both'), [first, tar(files('two'))]);
  await t.throwsAsync(store.import(both, { name: 'alice/both', progress }), {
    message: /it has 1000 files or more/,
  });
  t.deepEqual(
    store.all().map(({ name }) => name),
    [NAME],
  );
});

test('ImageStore.import() refuses a layer that unpacks to far more than its files', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, rest } = await openImageStore(folder);
  const bomb = Buffer.concat([tar(BOOTABLE), Buffer.alloc(40e6)]);
  const layout = await makeLayout(join(folder, 'made'), [bomb]);
  await t.throwsAsync(store.import(layout, { name: NAME, progress }), {
    message: /unpacked it is larger than 10 MB/,
  });
  t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
});

test('ImageStore.import() applies whiteouts, keeps hard links, and allows what Debian has in /dev', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress } = await openImageStore(folder);
  const first: Entry[] = [
    ...BOOTABLE,
    { path: 'dev/null', type: '3', device: [1, 3] },
    { path: 'gone', content: 'x' },
    { path: 'folder/old', content: 'x' },
    { path: 'one', content: 'same' },
    { path: 'two', type: '1', target: 'one' },
    { path: 'lib', type: '2', target: 'usr/lib' },
    { path: 'usr/lib/', type: '5' },
  ];
  const second: Entry[] = [
    { path: '.wh.gone' },
    { path: 'folder/.wh..wh..opq' },
    { path: 'folder/new', content: 'y' },
    { path: 'lib/file', content: 'behind a link' },
  ];
  const layout = await makeLayout(join(folder, 'made'), [tar(first), tar(second)]);
  const image = await store.import(layout, { name: NAME, progress });
  t.is(image.layers.length, 2);
  const root = store.rootOf(store.keyOf(NAME) ?? '');
  await t.throwsAsync(lstat(join(root, 'gone')), { code: 'ENOENT' });
  await t.throwsAsync(lstat(join(root, 'folder/old')), { code: 'ENOENT' });
  t.is(await readFile(join(root, 'folder/new'), 'utf8'), 'y');
  t.is((await stat(join(root, 'one'))).ino, (await stat(join(root, 'two'))).ino);
  t.is(await readFile(join(root, 'usr/lib/file'), 'utf8'), 'behind a link');
});

test('ImageStore.import() keeps numeric owners, modes and extended attributes', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress } = await openImageStore(folder);
  const layer: Entry[] = [
    ...BOOTABLE,
    attribute('user.origin', 'a factory'),
    { path: 'owned', content: 'x', owner: 70_007, mode: 0o4750 },
  ];
  const layout = await makeLayout(join(folder, 'made'), [tar(layer)]);
  await store.import(layout, { name: NAME, progress });
  const root = store.rootOf(store.keyOf(NAME) ?? '');
  const { uid, gid, mode } = await stat(join(root, 'owned'));
  t.deepEqual([uid, gid, mode & 0o7777], [70_007, 70_007, 0o4750]);
  const packed = await runProgram(['tar', '--xattrs', '-C', root, '-cf', '-', 'owned']);
  t.regex(packed.stdout.toString('latin1'), / SCHILY\.xattr\.user\.origin=a factory\n/);
});

test('ImageStore.import() stores what two images have in common once', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, rest } = await openImageStore(folder);
  const base = tar([
    ...BOOTABLE,
    { path: 'data', content: 'base' },
    { path: 'own', content: 'one' },
  ]);
  const change = tar([{ path: 'own', content: 'two' }]);
  const one = await makeLayout(join(folder, 'one'), [base]);
  const two = await makeLayout(join(folder, 'two'), [base, change]);
  const { layers } = await store.import(one, { name: 'alice/one', progress });
  t.is((await rest()).layers.length, 1);
  await rm(join(two, 'blobs', ...(layers[0] ?? '').split(':')));
  await store.import(two, { name: 'alice/two', progress });
  t.is((await rest()).layers.length, 2, 'what is here is not even looked for');
  const file = (name: string, path: string) =>
    join(store.rootOf(store.keyOf(`alice/${name}:latest`) ?? ''), path);
  t.is(await readFile(file('two', 'data'), 'utf8'), 'base');
  t.is(await readFile(file('one', 'own'), 'utf8'), 'one');
  t.is(await readFile(file('two', 'own'), 'utf8'), 'two', 'same size and time, other content');
});
