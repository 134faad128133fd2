// What is left of a container's work goes to whom the state folder is. Its storage is removed here: files of images have owners and modes of
// their own, and only root removes them all.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openBeneath } from '../../host/folders/open-beneath.ts';
import { giveBack, ownUserOf } from '../../host/folders/state-owner.ts';
import { STORAGE_FOLDERS } from '../../images/workshop/buildah.ts';

/** @param work folder of one piece of work, as it leads from the state folder */
export async function giveWork(state: string, work: string): Promise<void> {
  if ((await ownUserOf(state)) === undefined) return;
  await using folder = await openBeneath({ folder: state, path: work, kind: 'folder' }).catch(
    () => undefined,
  );
  // The server may have removed it.
  if (folder === undefined) return;
  for (const name of STORAGE_FOLDERS) {
    await rm(`/proc/self/fd/${folder.fd}/${name}`, { recursive: true, force: true });
  }
  await giveBack(state, work);
}

/** Of all that a server, or a workshop, that was killed has left. */
export async function giveAllWork(state: string): Promise<void> {
  if ((await ownUserOf(state)) === undefined) return;
  const entries = await readdir(join(state, 'tmp'), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await giveWork(state, join('tmp', entry.name));
  }
}
