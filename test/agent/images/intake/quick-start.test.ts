// What a start mounts: no more than it has to.
import { basename, join } from 'node:path';
import test from 'ava';
import { type Mounter, ownMounter } from '../../../../agent/host/mounting/mounter.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder, unmountBelow } from '../../../support/temporary-folder.ts';

/** Mounts as ever, and notes in which folders. */
function noting(): { readonly mounter: Mounter; readonly folders: string[] } {
  const folders: string[] = [];
  const mountErofs: Mounter['mountErofs'] = async (place, mountable) => {
    folders.push(basename(join(place, '../..')));
    await ownMounter.mountErofs(place, mountable);
  };
  return { mounter: { ...ownMounter, mountErofs }, folders };
}

test('ImageStore.load() mounts something to try it where it mounts nothing else', async (t) => {
  const folder = await temporaryFolder(t);
  const first = noting();
  const { store } = await openImageStore(folder, { mounter: first.mounter });
  t.deepEqual(first.folders, ['tmp']);
  const layout = await makeLayout(join(folder, 'layout'), [tar(BOOTABLE)]);
  await store.import(layout, { name: 'alice/web:latest', progress: () => undefined } as never);
  const again = noting();
  await openImageStore(folder, { mounter: again.mounter });
  t.deepEqual(again.folders, [], 'all is mounted');
  await unmountBelow(folder);
  const restarted = noting();
  const { problems } = await openImageStore(folder, { mounter: restarted.mounter });
  t.deepEqual(restarted.folders, ['images']);
  t.deepEqual(problems, []);
});
