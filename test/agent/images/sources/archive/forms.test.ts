// Archives in the forms of Docker 20, Docker 25 and podman, of one and of several images and platforms.
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import test from 'ava';
import { digestOf } from '../../../../../agent/images/content/digest.ts';
import { runProgram } from '../../../../../lab/programs/run-program.ts';
import { open, openEntries, writeArchive } from '../../../../support/archives/opened.ts';
import {
  docker20,
  docker25,
  hexOf,
  json,
  podman,
  saved,
} from '../../../../support/archives/saved.ts';
import { openImageStore } from '../../../../support/images/image-store.ts';
import { readSource } from '../../../../support/images/sources/read-source.ts';
import { BOOTABLE, type Entry, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const more = tar([{ path: 'more', content: 'x' }]);
/** The lowest layer is there once more on top. */
const threeLayers = saved({ layers: [tar(BOOTABLE), more, tar(BOOTABLE)] });

const forms: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
  ['Docker 20', docker20([saved()])],
  ['Docker 20, with a layer that is there twice', docker20([threeLayers])],
  ['Docker 25', docker25([saved()])],
  ['Docker 25, with a layer that is there twice', docker25([threeLayers])],
  ['Docker 25, the names in its own list only', docker25([saved()], { annotations: 'tag' })],
  ['Docker 25, nothing in the index', docker25([saved()], { annotations: 'none' })],
  ['Docker 25, a name with its registry', docker25([saved({ names: ['docker.io/alice/web:v1'] })])],
  ['podman', podman([saved({ names: ['localhost/alice/web:v1'] })])],
  ['podman, with a layer that is there twice', podman([threeLayers])],
  ['Docker 20, two names of one image', docker20([saved({ names: ['web:v1', 'alice/web:v1'] })])],
  ['Docker 25, two names of one image', docker25([saved({ names: ['web:v1', 'alice/web:v1'] })])],
];

for (const [title, entries] of forms) {
  test(`ImageStore.import() takes an archive of ${title}`, async (t) => {
    const folder = await temporaryFolder(t);
    const { store, progress } = await openImageStore(folder);
    const image = await store.import(await writeArchive(t, tar(entries)), { progress });
    t.is(image.name, 'alice/web:v1');
    const root = store.rootOf(store.keyOf(image.name) ?? '');
    t.is(await readFile(join(root, 'bin/busybox'), 'utf8'), 'busybox');
  });
}

test('openArchive() makes the same manifest of the same archive, with what the configuration names', async (t) => {
  const [first, second] = [
    await openEntries(t, docker20([threeLayers])),
    await openEntries(t, podman([threeLayers])),
  ];
  t.deepEqual(first.source.manifest, second.source.manifest);
  t.deepEqual(Buffer.from(first.source.config), threeLayers.config);
  t.deepEqual(first.manifest, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(threeLayers.config),
      size: threeLayers.config.length,
    },
    layers: threeLayers.layers.map((layer) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: digestOf(layer),
      size: layer.length,
    })),
  } as never);
});

test('openArchive() digests layers that an archive has compressed', async (t) => {
  const image = saved();
  const packed = gzipSync(image.layers[0] ?? '');
  const config = `${hexOf(image.config)}.json`;
  const list = [{ Config: config, RepoTags: ['alice/web:v1'], Layers: ['layer.tar'] }];
  const { source, manifest } = await openEntries(t, [
    { path: config, content: image.config },
    { path: 'layer.tar', content: packed },
    { path: 'manifest.json', content: json(list) },
  ]);
  t.deepEqual(manifest.layers[0], {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: digestOf(packed),
    size: packed.length,
  });
  t.true((await readSource(t, source)).isWhole);
});

test('openArchive() finds no owner where Docker makes one up', async (t) => {
  for (const entries of [
    docker25([saved({ names: ['docker.io/library/web:v1'] })]),
    docker20([saved({ names: ['web:v1'] })]),
    docker20([saved({ names: [] })]),
  ]) {
    t.is((await openEntries(t, entries)).name, undefined);
  }
});

for (const [title, pack] of [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const) {
  test(`ImageStore.import() takes an archive that is compressed with ${title}`, async (t) => {
    const { store, progress, rest } = await openImageStore(await temporaryFolder(t));
    const path = await writeArchive(t, pack(tar(docker20([saved()]))));
    t.is((await store.import(path, { progress })).name, 'alice/web:v1');
    t.deepEqual((await rest()).tmp, []);
  });
}

test('openArchive() reads a folder as it reads a tar, and follows no link out of it', async (t) => {
  const folder = await temporaryFolder(t);
  const path = await writeArchive(t, tar(docker20([threeLayers])));
  t.is((await runProgram(['tar', '-xf', path, '-C', folder])).code, 0);
  t.is((await open(t, folder)).name, 'alice/web:v1');
  const secret = join(await temporaryFolder(t), 'index.json');
  await writeFile(secret, '{"manifests":[]}');
  const tricked = await temporaryFolder(t);
  await symlink(secret, join(tricked, 'index.json'));
  await t.throwsAsync(open(t, tricked), { message: /it is no OCI image/ });
});
