import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Mounter, ownMounter } from '../../../../../agent/host/mounting/mounter.ts';
import { runProgram } from '../../../../../agent/host/processes/program.ts';
import { discardRoot, useRoot } from '../../../../../agent/images/content/roots/root-place.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

async function makeRoot(folder: string, facts?: string) {
  const [root, work] = ['images/key', 'tmp'].map((name) => join(folder, name)) as [string, string];
  await mkdir(join(root, 'fs'), { recursive: true });
  await mkdir(work);
  if (facts !== undefined) await writeFile(join(root, 'root.json'), facts);
  return { root, work };
}

test('discardRoot() leaves nothing that looks like a root where it is interrupted', async (t) => {
  const folder = await temporaryFolder(t);
  const { root, work } = await makeRoot(folder, '{}');
  const kept = join(root, 'fs/kept');
  await writeFile(kept, '');
  // Nothing else stops a removal for sure.
  await runProgram('chattr', ['+i', kept]);
  const left = join(work, 'removed-key');
  t.teardown(() => runProgram('chattr', ['-R', '-i', left]));
  await t.throwsAsync(discardRoot(root, { work }));
  t.deepEqual(await readdir(join(folder, 'images')), []);
  t.deepEqual(await readdir(join(left, 'fs')), ['kept']);
});

test('discardRoot() takes away what is mounted twice, and what was mounted before an interrupted removal', async (t) => {
  const { root, work } = await makeRoot(await temporaryFolder(t));
  const places = [join(root, 'fs'), join(work, 'removed-key/fs')] as const;
  await mkdir(places[1], { recursive: true });
  for (const place of [...places, ...places]) {
    await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', place]);
    t.teardown(() => runProgram('umount', [place]).catch(() => undefined));
    await writeFile(join(place, 'file'), '');
  }
  await discardRoot(root, { work });
  t.deepEqual(await readdir(work), []);
});

const layers = { folderOf: (diffId: string) => `/none/${diffId}` };
const damaged = ['', '{', '{"form":"erofs"}', '{"form":"erofs","layers":["x"]}'];
for (const facts of damaged) {
  test(`useRoot() says what is wrong with a root whose facts are '${facts}'`, async (t) => {
    const { root } = await makeRoot(await temporaryFolder(t), facts);
    const found = await useRoot(root, { layers, canMount: true, mounted: new Set() });
    t.regex(found.problem ?? '', /\S/);
  });
}

test('useRoot() makes the folder to mount in, which no backup has', async (t) => {
  const folder = await temporaryFolder(t);
  const { root } = await makeRoot(folder, '{"form":"erofs","layers":[]}');
  await rmdir(join(root, 'fs'));
  const mounted: string[] = [];
  const mounter: Mounter = {
    ...ownMounter,
    mountErofs: async (place) => {
      t.deepEqual(await readdir(place), []);
      mounted.push(place);
    },
  };
  const found = await useRoot(root, { layers, canMount: true, mounted: new Set(), mounter });
  t.is(found.problem, undefined);
  t.deepEqual(mounted, [join(root, 'fs')]);
});
