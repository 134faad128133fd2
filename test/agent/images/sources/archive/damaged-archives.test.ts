// Archives that lack something, that are not what they say, or that want to lead out of themselves.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { open, openEntries, writeArchive } from '../../../../support/archives/opened.ts';
import {
  docker20,
  hexOf,
  json,
  layout,
  ociImage,
  saved,
} from '../../../../support/archives/saved.ts';
import { type Entry, tar } from '../../../../support/images/tar.ts';

const ociPc = ociImage(saved());
const config = (bytes: Uint8Array) => `${hexOf(bytes)}.json`;
const list = (value: object): Entry => ({
  path: 'manifest.json',
  content: json([{ RepoTags: ['alice/web:v1'], ...value }]),
});
const plain = saved();
const layers = { path: 'layer.tar', content: plain.layers[0] ?? '' };

const bad: readonly (readonly [title: string, entries: readonly Entry[], message: RegExp])[] = [
  [
    'nothing of an image',
    [{ path: 'README', content: 'x' }],
    /no OCI image, nor an archive made by/,
  ],
  [
    'a list that is damaged',
    [{ path: 'manifest.json', content: '[{' }],
    /manifest\.json is damaged/,
  ],
  ['a list of something else', [list({ Config: 7 })], /manifest\.json is damaged/],
  [
    'a name of two lines',
    [list({ Config: 'a\nnode pc is up\u001b[2J', Layers: [] })],
    /lacks its file a\\nnode pc is up\\u001b\[2J$/,
  ],
  [
    'a configuration that is another',
    [
      { path: config(plain.config), content: json({ rootfs: {} }) },
      layers,
      list({ Config: config(plain.config), Layers: ['layer.tar'] }),
    ],
    /configuration [0-9a-f]{64}\.json is damaged/,
  ],
  [
    'fewer layers than it names',
    [
      { path: config(plain.config), content: plain.config },
      list({ Config: config(plain.config), Layers: ['layer.tar'] }),
    ],
    /it lacks its file layer\.tar/,
  ],
  [
    'a layer behind a link out of it',
    [
      { path: config(plain.config), content: plain.config },
      { path: 'layer.tar', type: '2', target: '../../etc/passwd' },
      list({ Config: config(plain.config), Layers: ['layer.tar'] }),
    ],
    /it lacks its file layer\.tar/,
  ],
  [
    'a layer behind a link to itself',
    [
      { path: config(plain.config), content: plain.config },
      { path: 'layer.tar', type: '2', target: 'layer.tar' },
      list({ Config: config(plain.config), Layers: ['layer.tar'] }),
    ],
    /it lacks its file layer\.tar/,
  ],
  [
    'another number of layers than its configuration',
    [
      { path: config(plain.config), content: plain.config },
      list({ Config: config(plain.config), Layers: [] }),
    ],
    /name different layers/,
  ],
  ['an index without images', layout([], []), /it has no image/],
  ['an index without its blobs', layout([], [ociPc.entry]), /it lacks its part sha256:/],
  [
    'a manifest that is another',
    layout(
      [{ path: `blobs/${ociPc.entry.digest.replace(':', '/')}`, content: '{}' }],
      [ociPc.entry],
    ),
    /is something else/,
  ],
];

for (const [title, entries, message] of bad) {
  test(`openArchive() refuses an archive with ${title}`, async (t) => {
    await t.throwsAsync(openEntries(t, entries), { name: 'ImageError', message });
  });
}

test('openArchive() says what a file is that it does not read', async (t) => {
  const text = await writeArchive(t, Buffer.alloc(2000, 'no archive'));
  await t.throwsAsync(open(t, text), {
    message: /no OCI image, nor an archive made by docker save/,
  });
  const short = await writeArchive(t, tar(docker20([saved()])).subarray(0, 5000));
  await t.throwsAsync(open(t, short), { message: /is damaged: it ends too early/ });
  const xz = await writeArchive(t, Buffer.from('fd377a585a000004', 'hex'));
  await t.throwsAsync(open(t, xz), { message: /compressed with xz: unpack it first \(unxz\)/ });
  const gzip = await writeArchive(t, gzipSync(tar(docker20([saved()]))).subarray(0, 300));
  await t.throwsAsync(open(t, gzip), { message: /it is damaged/ });
  await t.throwsAsync(open(t, join(text, '../none')), { name: 'RequestError', message: /no such/ });
});
