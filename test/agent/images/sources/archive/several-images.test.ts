// Archives with an image for several platforms, and with several images.
import test from 'ava';
import { digestOf } from '../../../../../agent/images/content/digest.ts';
import { namesInArchive } from '../../../../../agent/images/sources/archive/open-archive.ts';
import { open, openEntries, writeArchive } from '../../../../support/archives/opened.ts';
import {
  blob,
  docker20,
  docker25,
  INDEX,
  json,
  layout,
  ociImage,
  podman,
  saved,
} from '../../../../support/archives/saved.ts';
import { BOOTABLE, type Entry, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const more = tar([{ path: 'more', content: 'x' }]);

const [pc, pi] = [
  saved(),
  saved({ models: 'rpi-4-b', platform: { architecture: 'arm64', variant: 'v8' } }),
];
const [ociPc, ociPi] = [ociImage(pc), ociImage(pi, { gzip: true })];
const both = [...ociPc.blobs, ...ociPi.blobs];
const named = (name: string) => ({ annotations: { 'org.opencontainers.image.ref.name': name } });
const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });

const several: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
  [
    'an index with two platforms',
    layout(both, [
      { ...ociPc.entry, ...platform('amd64'), ...named('alice/web:v1') },
      { ...ociPi.entry, ...platform('arm64'), ...named('alice/web:v1') },
    ]),
  ],
  ['an index with two platforms that it does not name', layout(both, [ociPc.entry, ociPi.entry])],
  [
    'an index in an index',
    (() => {
      const manifests = [
        { ...ociPc.entry, ...platform('amd64') },
        { ...ociPi.entry, ...platform('arm64') },
      ];
      const inner = json({ schemaVersion: 2, mediaType: INDEX, manifests });
      const entry = { mediaType: INDEX, digest: digestOf(inner), size: inner.length };
      return layout([...both, blob(inner)], [{ ...entry, ...named('alice/web:v1') }]);
    })(),
  ],
  ['a list of Docker 20 with two platforms', docker20([pc, pi])],
];

for (const [title, entries] of several) {
  test(`openArchive() takes what the model runs, of ${title}`, async (t) => {
    for (const [model, image] of [
      ['pc-x86-64', pc],
      ['rpi-4-b', pi],
    ] as const) {
      const { source } = await openEntries(t, entries, { model });
      t.deepEqual(Buffer.from(source.config), image.config);
    }
    await t.throwsAsync(openEntries(t, entries, { model: 'rpi-b' }), {
      message: /Cannot import .*image\.tar: it is not there for rpi-b, which runs linux\/arm\/v6/,
    });
  });
}

const web = saved({ names: ['alice/web:v1'] });
const db = saved({ names: ['alice/db:v1'], layers: [tar(BOOTABLE), more] });

for (const [title, make] of [
  ['Docker 20', docker20],
  ['Docker 25', docker25],
  ['podman', podman],
] as const) {
  test(`openArchive() takes the image that was named, of several in an archive of ${title}`, async (t) => {
    const path = await writeArchive(t, tar(make([web, db])));
    const { source, name } = await open(t, path, { name: 'alice/db:v1' });
    t.is(name, 'alice/db:v1');
    t.deepEqual(Buffer.from(source.config), db.config);
    for (const asked of [{}, { name: 'alice/other' }]) {
      await t.throwsAsync(open(t, path, asked), {
        name: 'ImageError',
        message: /it has several images: alice\/web:v1, alice\/db:v1\. Give the name .* --name/,
      });
    }
    t.deepEqual(await namesInArchive(path, await temporaryFolder(t)), [
      'alice/web:v1',
      'alice/db:v1',
    ]);
  });
}
