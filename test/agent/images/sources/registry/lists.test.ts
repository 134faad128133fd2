// Images for several platforms in a real registry.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Descriptor } from '../../../../../agent/images/content/descriptor.ts';
import { digestOf } from '../../../../../agent/images/content/digest.ts';
import { askRegistry } from '../../../../../agent/images/sources/registry/registry-image.ts';
import { startRegistry } from '../../../../../lab/servers/oci-registry.ts';
import { INDEX, manifestOf, putManifest } from '../../../../support/images/pushed.ts';
import { BOOTABLE, makeLayout, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const NAME = 'lab/several';
const ATTESTATION = { 'vnd.docker.reference.type': 'attestation-manifest' };

async function lab(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  const { address } = registry;
  /** Pushes an image of its own. @returns an entry for a list */
  const image = async (title: string, labels: Record<string, string> = {}) => {
    const layout = await makeLayout(join(folder, title), [tar(BOOTABLE)], {
      labels: { title, ...labels },
    });
    await registry.push(layout, `${NAME}:${title}`);
    const { digest, bytes } = await manifestOf(layout);
    return { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: bytes.length };
  };
  const list = (tag: string, ...manifests: readonly (Descriptor & { platform?: object })[]) =>
    putManifest(address, `${NAME}:${tag}`, {
      mediaType: INDEX,
      value: { schemaVersion: 2, mediaType: INDEX, manifests },
    });
  const ask = async (tag: string, model?: string) => {
    const remote = { name: 'lab', address, http: true, mirrors: [] };
    const wanted = model === undefined ? {} : { model };
    const asked = await askRegistry(remote, { name: `${NAME}:${tag}`, wanted });
    return asked.kind === 'found' ? digestOf(asked.image.manifest) : asked;
  };
  return { image, list, ask, address };
}

const on = (os: string, architecture: string, variant?: string) => ({
  platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
});

test('askRegistry() takes the image of a list that the model runs best', async (t) => {
  const { image, list, ask } = await lab(t);
  const [windows, pc, v3, v7, v6, arm64, about] = await Promise.all(
    ['windows', 'pc', 'v3', 'v7', 'v6', 'arm64', 'about'].map((title) => image(title)),
  );
  if (!windows || !pc || !v3 || !v7 || !v6 || !arm64 || !about) return t.fail();
  await list(
    'latest',
    { ...windows, ...on('windows', 'amd64') },
    { ...v3, ...on('linux', 'amd64', 'v3') },
    { ...v7, ...on('linux', 'arm', 'v7') },
    { ...v6, ...on('linux', 'arm', 'v6') },
    { ...about, ...on('unknown', 'unknown'), annotations: ATTESTATION },
    { ...pc, ...on('linux', 'amd64') },
    { ...arm64, ...on('linux', 'arm64', 'v8') },
  );
  t.is(await ask('latest', 'pc-x86-64'), pc.digest);
  t.is(await ask('latest', 'rpi-b'), v6.digest);
  t.is(await ask('latest', 'rpi-2-b'), v7.digest);
  t.is(await ask('latest', 'rpi-4-b'), arm64.digest);
  const refused = await ask('latest', 'pc-x86-32');
  t.like(refused, { kind: 'failed' });
  t.regex(JSON.stringify(refused), /not there for pc-x86-32, which runs linux\/386: there are /);
});

test('askRegistry() follows a list within a list', async (t) => {
  const { image, list, ask } = await lab(t);
  const [pc, arm64] = [await image('pc'), await image('arm64')];
  const inner = await list('inner', { ...arm64, ...on('linux', 'arm64') });
  await list('outer', { ...pc, ...on('linux', 'amd64') }, inner);
  t.is(await ask('outer', 'rpi-3-b'), arm64.digest);
  t.is(await ask('outer', 'pc-x86-64'), pc.digest);
});

test('askRegistry() goes by the labels where no model is wanted', async (t) => {
  const { image, list, ask } = await lab(t);
  const models = { 'walt.node.models': 'rpi-4-b' };
  const [pc, arm64] = [await image('pc'), await image('arm64', models)];
  await list('latest', { ...pc, ...on('linux', 'amd64') }, { ...arm64, ...on('linux', 'arm64') });
  t.is(await ask('latest'), arm64.digest);
});

test('askRegistry() tells what is not there from what failed', async (t) => {
  const { ask, address } = await lab(t);
  t.deepEqual(await ask('latest'), { kind: 'absent' });
  const away = { name: 'away', address, http: false, mirrors: [] };
  const asked = await askRegistry(away, { name: `${NAME}:latest`, wanted: {} });
  t.regex(JSON.stringify(asked), /does not speak TLS as expected/);
});
