import test from 'ava';
import { ImageError } from '../../../../../agent/errors.ts';
import { freeBytes, requireSpace } from '../../../../../agent/images/content/folders/disk-space.ts';
import { openImageStore } from '../../../../support/images/image-store.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

test('requireSpace() refuses what does not fit, and says how much is missing', async (t) => {
  const folder = await temporaryFolder(t);
  await t.notThrowsAsync(requireSpace(folder, { bytes: 1000, what: 'image a/b' }));
  const bytes = (await freeBytes(folder)) + 1e12;
  await t.throwsAsync(requireSpace(folder, { bytes, what: 'image a/b' }), {
    instanceOf: ImageError,
    message: /^Not enough disk space for image a\/b: \d+ MB needed, \d+ MB free\. walt image gc/,
  });
});

test('ImageStore.take() copies nothing of an image for which there is no room', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, rest, steps } = await openImageStore(folder);
  const part = { digest: `sha256:${'0'.repeat(64)}`, size: 1e15 };
  const manifest = Buffer.from(JSON.stringify({ config: part, layers: [part] }));
  const rootfs = { type: 'layers', diff_ids: [part.digest] };
  const config = Buffer.from(JSON.stringify({ rootfs }));
  const placeOf = async () => t.fail('nothing of it is to be read') as never;
  const source = { shown: 'nowhere', manifest, config, placeOf };
  await t.throwsAsync(store.take(source, { name: 'alice/big:latest', progress }), {
    message: /^Not enough disk space for image alice\/big:latest: 1000000000 MB needed/,
  });
  t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
  t.deepEqual(steps, []);
});
