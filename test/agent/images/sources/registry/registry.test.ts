// Pulls from a real registry on loopback: open, with credentials, with a certificate of its own.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Registry } from '../../../../../agent/config/sections/images.ts';
import { type OciRegistry, startRegistry } from '../../../../../lab/servers/oci-registry.ts';
import { openImageStore } from '../../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const NAME = 'waltplatform/pc-x86-64-default:latest';
const NOWHERE = '127.0.0.1:1';

async function withImage(
  t: ExecutionContext,
  options: Parameters<typeof startRegistry>[1] = {},
): Promise<{ folder: string; registry: OciRegistry }> {
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'), options);
  t.teardown(registry.stop);
  await registry.push(`${await makeTinyImage(join(folder, 'tiny'), {})}:image`, NAME);
  return { folder, registry };
}

type Remote = Extract<Registry, { address: string }>;

function remote(address: string, more: Partial<Remote> = {}): Remote {
  return { name: 'lab', address, http: true, mirrors: [], ...more };
}

test('ImageStore.pull() fetches an image from a registry by name', async (t) => {
  const { folder, registry } = await withImage(t);
  const { store, progress, rest, steps } = await openImageStore(folder, {
    registries: [{ name: 'none', folder: 'archives' }, remote(registry.address)],
  });
  const image = await store.pull(NAME, { progress });
  t.deepEqual(image.models, ['pc-x86-64']);
  t.is(image.layers.length, 1);
  t.regex(steps.join(), /^fetching 127\.0\.0\.1:\d+\/waltplatform/);
  t.is(store.defaultOf('pc-x86-64'), NAME);
  const { images, tmp, layers, blobs } = await rest();
  t.deepEqual([images.length, tmp.length, layers.length, blobs.length], [1, 0, 1, 2]);
});

test('ImageStore.pull() says of each registry why it does not have an image', async (t) => {
  const { folder, registry } = await withImage(t);
  const { store, progress, rest } = await openImageStore(folder, {
    registries: [
      { name: 'archives', folder: 'archives' },
      remote(registry.address),
      remote(NOWHERE, { name: 'away' }),
    ],
  });
  const error = await t.throwsAsync(store.pull('waltplatform/rpi-9', { progress }));
  t.regex(error?.message ?? '', /- archives: no archive in archives has this name/);
  t.regex(error?.message ?? '', /- lab: it is not at 127\.0\.0\.1:\d+/);
  t.regex(
    error?.message ?? '',
    /- away: 127\.0\.0\.1:1: it cannot be reached: nothing listens there/,
  );
  await t.throwsAsync(store.pull(NAME, { progress, from: 'hub' }), {
    message: /no location 'hub'. There are: walt, archives, lab, away, docker, podman/,
  });
  t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
});

test('ImageStore.pull() asks mirrors first, and goes on where one is away', async (t) => {
  const { folder, registry } = await withImage(t);
  const { store, progress, steps } = await openImageStore(folder, {
    registries: [remote(NOWHERE, { mirrors: ['127.0.0.1:2', registry.address] })],
  });
  await store.pull(NAME, { progress });
  t.true(steps[0]?.includes(registry.address));
});

test('ImageStore.pull() logs in, and shows nobody the password', async (t) => {
  const { folder, registry } = await withImage(t, { login: 'lab:sesame-1' });
  const credentials = join(folder, 'credentials');
  const { store, progress, steps } = await openImageStore(folder, {
    registries: [remote(registry.address, { credentials })],
  });
  const missing = await t.throwsAsync(store.pull(NAME, { progress }));
  t.regex(missing?.message ?? '', /Cannot use .*credentials for registry lab/);
  await writeFile(credentials, 'lab:wrong-2\n');
  const wrong = await t.throwsAsync(store.pull(NAME, { progress }));
  t.regex(wrong?.message ?? '', /access is denied/);
  await writeFile(credentials, 'nonsense');
  await t.throwsAsync(store.pull(NAME, { progress }), { message: /expected user:password/ });
  await writeFile(credentials, 'lab:sesame-1\n');
  await store.pull(NAME, { progress });
  t.notRegex(`${wrong?.stack} ${steps.join()}`, /sesame|wrong-2|bGFi/);
});

test('ImageStore.pull() trusts a registry by the certificate it was given, and none else', async (t) => {
  const { folder, registry } = await withImage(t, { tls: true });
  const strange = await openImageStore(join(folder, 'a'), {
    registries: [remote(registry.address, { http: false })],
  });
  await t.throwsAsync(strange.store.pull(NAME, { progress: strange.progress }), {
    message:
      /certificate is not trusted: nobody here knows who signed it \(images\.registries\[\]\.ca\)/,
  });
  const known = await openImageStore(join(folder, 'b'), {
    registries: [remote(registry.address, { http: false, ca: registry.ca })],
  });
  await known.store.pull(NAME, { progress: known.progress });
  t.is(known.store.all().length, 1);
});

test('ImageStore.pull() finds archives in a folder, the newest first', async (t) => {
  const folder = await temporaryFolder(t);
  const layout = await makeTinyImage(join(folder, 'archives/one'), { name: NAME });
  const { store, progress, steps } = await openImageStore(folder, {
    registries: [{ name: 'built', folder: join(folder, 'archives/one') }],
  });
  await writeFile(join(folder, 'archives/one/README'), 'no archive');
  await store.pull(NAME, { progress });
  t.is(steps[0], `fetching ${layout}`);
});

test('ImageStore.pull() says so where there is no docker on this machine', async (t) => {
  const { store, progress } = await openImageStore(await temporaryFolder(t));
  await t.throwsAsync(store.pull(NAME, { progress, from: 'docker' }), {
    message: /no images of docker on this machine: there is no \/var\/run\/docker\.sock/,
  });
});
