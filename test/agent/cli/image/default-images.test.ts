// `walt advanced update-default-images` and `walt image show --refresh`, with a folder of archives that images come from.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../test-platform.ts';

const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

async function lab(t: ExecutionContext) {
  const archives = await temporaryFolder(t);
  const made = await temporaryFolder(t);
  const registries = [{ name: 'archives', folder: archives }];
  const platform = await startTestPlatform({ registries });
  t.teardown(platform.close);
  const archive = join(archives, 'default.oci.tar');
  /** The place has this content under the name of the default image from now on. */
  const ship = async (content: string) => {
    const layer = [...BOOTABLE, { path: 'content', content }];
    const layout = await makeLayout(join(made, content), [tar(layer)]);
    await rm(archive, { force: true });
    const target = `oci-archive:${archive}:${DEFAULT}`;
    await succeed(['skopeo', 'copy', '--quiet', `oci:${layout}`, target]);
  };
  return { ...platform, archive, ship };
}

test('walt advanced update-default-images takes what has changed, and that alone', async (t) => {
  const { walt, images, registry, ship, archive } = await lab(t);
  const update = (...more: string[]) => walt('advanced', 'update-default-images', ...more);
  const none = await update();
  t.deepEqual([none.code, none.out], [0, '']);
  t.regex(none.err, /There is no default image yet/);

  await ship('first');
  const progress = () => undefined;
  await images.pull(DEFAULT, { progress, model: 'pc-x86-64' });
  const first = images.byName(DEFAULT)?.digest;
  const root = images.keyOf(DEFAULT) ?? '';
  await put(registry, nodeNamed('one', { ip: '127.0.152.11', image: DEFAULT, root }));
  await images.alias(DEFAULT, 'alice/web:latest');
  const same = await update();
  t.is(same.code, 0, same.err);
  t.regex(same.out, /^waltplatform\/pc-x86-64-default:latest: is as \S+ has it\.\n$/);

  await ship('second');
  const asked = await update('--dry-run');
  t.regex(asked.out, /has other content\. Nothing was changed\.\n$/);
  t.is(images.byName(DEFAULT)?.digest, first);
  const updated = await update();
  t.is(updated.code, 0, updated.err);
  t.regex(updated.out, /: updated from \S+\. Node one: at the next boot\.\n$/);
  t.not(images.byName(DEFAULT)?.digest, first);
  t.is(images.byName('alice/web:latest')?.digest, first, 'a clone stays as it is');
  t.is(registry.byName('one')?.root, root, 'a node that runs keeps its content');
  const { out } = await update('--json');
  t.like(JSON.parse(out).images, {
    length: 1,
    0: { name: DEFAULT, state: 'current', error: null },
  });

  await rm(archive);
  const gone = await update();
  t.deepEqual([gone.code, gone.out], [1, '']);
  t.regex(gone.err, /^waltplatform\/pc-x86-64-default:latest: Cannot find image/m);
});

test('walt image show --refresh mends what can be mended, and says what is gone', async (t) => {
  const { walt, images, ship, folder } = await lab(t);
  await ship('first');
  await images.pull(DEFAULT, { progress: () => undefined });
  const well = await walt('image', 'show', '--all', '--refresh');
  t.deepEqual([well.code, well.err], [0, '']);
  const root = () => images.rootOf(images.keyOf(DEFAULT) ?? '');
  await succeed(['sh', '-c', 'mountpoint -q "$1" && umount "$1" || :', 'sh', root()]);
  await rm(dirname(root()), { recursive: true });
  const mended = await walt('image', 'show', '--all', '--refresh');
  t.deepEqual([mended.code, mended.err], [0, '']);
  t.is((await succeed(['cat', join(root(), 'content')])).stdout.toString(), 'first');
  await succeed(['sh', '-c', 'mountpoint -q "$1" && umount "$1" || :', 'sh', root()]);
  await rm(dirname(root()), { recursive: true });
  await rm(join(folder, 'layers'), { recursive: true });
  await mkdir(join(folder, 'layers'));
  const lost = await walt('image', 'show', '--all', '--refresh');
  t.is(lost.code, 0);
  t.regex(
    lost.err,
    /The content of image waltplatform\/pc-x86-64-default:latest is gone from the disk/,
  );
});
