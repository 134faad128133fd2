// Lists, lists of lists and images, made in memory as a registry would have them.
import test from 'ava';
import type { Descriptor } from '../../../../../agent/images/content/descriptor.ts';
import { digestOf } from '../../../../../agent/images/content/digest.ts';
import type { IndexEntry } from '../../../../../agent/images/sources/choice/documents.ts';
import {
  type ImageParts,
  resolveImage,
} from '../../../../../agent/images/sources/choice/resolve-image.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Everything that was put, by digest. */
function makeParts() {
  const documents = new Map<string, Uint8Array>();
  const read: string[] = [];
  const put = (value: object, more: Partial<IndexEntry> = {}): IndexEntry => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = digestOf(bytes);
    documents.set(digest, bytes);
    return { digest, size: bytes.length, ...more };
  };
  const image = (about: object, entry: Partial<IndexEntry> = {}) => {
    const config = put({ os: 'linux', ...about });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return put({ schemaVersion: 2, config, layers: [] }, { mediaType, ...entry });
  };
  const list = (...manifests: readonly Descriptor[]) => put({ manifests }, { mediaType: INDEX });
  const find = async ({ digest }: Descriptor) => {
    read.push(digest);
    return documents.get(digest) ?? Buffer.from('gone');
  };
  const parts: ImageParts = {
    shown: 'here',
    readManifest: find,
    readConfig: find,
    placeOf: async () => ({ kind: 'file', path: '/', offset: 0, length: 0 }),
  };
  const resolve = async (top: Descriptor, model?: string) => {
    const wanted = model === undefined ? {} : { model };
    const { manifest } = await resolveImage(await find(top), { parts, wanted });
    return digestOf(manifest);
  };
  return { documents, read, put, image, list, resolve };
}

const labelled = (models: string, architecture: string) => ({
  architecture,
  config: { Labels: { 'walt.node.models': models } },
});

test('resolveImage() takes a manifest as it is', async (t) => {
  const { image, resolve } = makeParts();
  const only = image({ architecture: 'riscv64' });
  t.is(await resolve(only, 'pc-x86-64'), only.digest);
});

test('resolveImage() follows a list within a list, and looks into nothing that is not for Linux', async (t) => {
  const { image, list, resolve, read } = makeParts();
  const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
  const arm = image({ architecture: 'arm64' }, platform('arm64'));
  const pc = image({ architecture: 'amd64' }, platform('amd64'));
  const windows = { ...list(), platform: { os: 'windows', architecture: 'amd64' } };
  const top = list(windows, list(list(arm, pc)), list(pc));
  t.is(await resolve(top, 'pc-x86-64'), pc.digest);
  t.false(read.includes(windows.digest));
  t.is(await resolve(top, 'rpi-3-b'), arm.digest);
});

test('resolveImage() takes the platform of a configuration where a list says nothing', async (t) => {
  const { image, list, resolve } = makeParts();
  const v7 = image({ architecture: 'arm', variant: 'v7' });
  const v6 = image({ architecture: 'arm', variant: 'v6' });
  t.is(await resolve(list(v7, v6), 'rpi-b'), v6.digest);
  t.is(await resolve(list(v6, v7), 'rpi-2-b'), v7.digest);
  const windows = image({ os: 'windows', architecture: 'arm', variant: 'v6', x: 1 });
  t.is(await resolve(list(windows, v7, v6), 'rpi-b'), v6.digest);
});

test('resolveImage() takes the first image whose label names a model that can run it', async (t) => {
  const { image, list, resolve } = makeParts();
  const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
  const pc = image(labelled('rpi-4-b', 'amd64'), platform('amd64'));
  const arm = image(labelled('rpi-3-b, rpi-4-b', 'arm64'), platform('arm64'));
  t.is(await resolve(list(pc, arm)), arm.digest);
  const own = image(labelled('foo', 'riscv64'), platform('riscv64'));
  t.is(await resolve(list(pc, own)), own.digest);
  t.is(await resolve(list(pc, arm, own), 'foo'), own.digest);
});

test('resolveImage() lists the platforms where no label tells which one is meant', async (t) => {
  const { image, list, resolve } = makeParts();
  const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });
  const pc = image({ architecture: 'amd64' }, platform('amd64'));
  const arm = image({ architecture: 'arm64' }, platform('arm64'));
  await t.throwsAsync(resolve(list(pc, arm)), {
    message: /label walt\.node\.models of none.*: there are linux\/amd64, linux\/arm64$/,
  });
});

test('resolveImage() refuses what is not what its digest says, and lists without end', async (t) => {
  const { documents, image, list, resolve } = makeParts();
  const pc = image({ architecture: 'amd64' });
  const deep = list(list(list(list(list(pc)))));
  await t.throwsAsync(resolve(deep), { message: /lists within lists/ });
  const lists = Array.from({ length: 501 }, (_, n) => image({ architecture: `x${n}` }));
  await t.throwsAsync(resolve(list(...lists)), { message: /more than 500 images/ });
  documents.set(pc.digest, Buffer.from('{"layers":[]}'));
  await t.throwsAsync(resolve(list(pc)), { message: /sha256:[0-9a-f]{12}… is something else/ });
});
