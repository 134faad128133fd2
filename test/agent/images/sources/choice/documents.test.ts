import test from 'ava';
import { digestOf } from '../../../../../agent/images/content/digest.ts';
import {
  MOST_DOCUMENT,
  readConfig,
  readDocument,
  requireDescribed,
} from '../../../../../agent/images/sources/choice/documents.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const part = { digest: digestOf(Buffer.from('x')), size: 1 };

test('readDocument() tells manifests and lists by what they hold', (t) => {
  const manifest = { config: part, layers: [part] };
  t.like(readDocument(bytes({ schemaVersion: 2, ...manifest })), { kind: 'manifest', manifest });
  const entry = { ...part, platform: { os: 'linux', architecture: 'arm' } };
  t.deepEqual(readDocument(bytes({ manifests: [entry] })), { kind: 'index', entries: [entry] });
});

const bad: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['schema 1', bytes({ schemaVersion: 1, fsLayers: [] }), /too old \(schema 1\): push it again/],
  ['no JSON', Buffer.from('<html>'), /manifest is damaged/],
  ['a number', bytes(7), /manifest is damaged/],
  ['a list', bytes([]), /manifest is damaged/],
  ['nothing', bytes(null), /manifest is damaged/],
  ['an artifact', bytes({ schemaVersion: 2, blobs: [] }), /not that of an image/],
  ['no digest', bytes({ config: part, layers: [{ size: 1 }] }), /without digest or size/],
  ['a path', bytes({ config: part, layers: [{ ...part, digest: '../x' }] }), /without digest/],
  ['no size', bytes({ config: part, layers: [{ ...part, size: -1 }] }), /without digest or size/],
  ['no entry', bytes({ manifests: [null] }), /without digest or size/],
  ['a digest in a list', bytes({ manifests: [{ ...part, digest: [part.digest] }] }), /without dig/],
  ['a kind that is a number', bytes({ manifests: [{ ...part, mediaType: 7 }] }), /what cannot be/],
  ['notes that are a text', bytes({ manifests: [{ ...part, annotations: 'x' }] }), /what cannot/],
  ['a note of numbers', bytes({ manifests: [{ ...part, annotations: { a: 1 } }] }), /cannot be/],
  ['a platform that is a text', bytes({ manifests: [{ ...part, platform: 'x' }] }), /cannot be/],
  ['a processor that is none', bytes({ manifests: [{ ...part, platform: { os: [] } }] }), /cannot/],
  ['5 MiB', Buffer.alloc(MOST_DOCUMENT + 1, ' '), /larger than 4 MiB/],
];

for (const [title, document, message] of bad) {
  test(`readDocument() refuses ${title}`, (t) => {
    t.throws(() => readDocument(document), { message });
  });
}

test('readDocument() takes null for what is left out', (t) => {
  const nothing = { mediaType: null, annotations: null, platform: null };
  const document = readDocument(bytes({ manifests: [{ ...part, ...nothing }] }));
  t.deepEqual(document, { kind: 'index', entries: [part] });
  const platform = { os: 'linux', architecture: 'arm', variant: null };
  const listed = readDocument(bytes({ manifests: [{ ...part, platform }] }));
  const expected = { ...part, platform: { os: 'linux', architecture: 'arm' } };
  t.deepEqual(listed, { kind: 'index', entries: [expected] });
});

test('readConfig() refuses labels and digests that are none', (t) => {
  t.notThrows(() => readConfig(bytes({ config: null })));
  t.notThrows(() => readConfig(bytes({ config: { Labels: null } })));
  t.like(readConfig(bytes({ architecture: null, os: 'linux' })), { os: 'linux' });
  for (const value of [
    { config: { Labels: { a: 1 } } },
    { rootfs: { diff_ids: ['sha256:..'] } },
    { rootfs: { diff_ids: 'x' } },
    { rootfs: { diff_ids: [[part.digest]] } },
    ...[{ config: { Labels: 'x' } }, { config: { Labels: ['x'] } }],
    ...[{ architecture: 7 }, { os: {} }, { variant: ['v7'] }],
    [],
  ]) {
    t.throws(() => readConfig(bytes(value)), { message: /configuration/ }, JSON.stringify(value));
  }
});

test('requireDescribed() refuses other bytes than those that were named', (t) => {
  const content = Buffer.from('x');
  t.notThrows(() => requireDescribed(content, part));
  t.throws(() => requireDescribed(Buffer.from('y'), part), { message: /is something else/ });
  t.throws(() => requireDescribed(content, { ...part, size: 2 }), { message: /something else/ });
});
