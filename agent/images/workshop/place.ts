// Where a path of an image leads, as the image's own system would see it.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError } from '../../errors.ts';
import { resolveFolderInside, resolveInside } from '../content/files/inside.ts';

export type Place = {
  /** absolute in the image, without links */
  readonly path: string;
  readonly isThere: boolean;
  readonly isFolder: boolean;
};

/** @throws {RequestError} if its links lead out of the image, or it goes through something that is no folder */
export async function placeInside(root: string, path: string): Promise<Place> {
  if (!path.startsWith('/')) {
    throw new RequestError(400, `'${path}' is not a path of an image: it has to begin with /`);
  }
  const file = await resolveInside(root, path);
  if (file.kind === 'file') {
    return { path: file.path.slice(root.length), isThere: true, isFolder: false };
  }
  const folder = file.kind === 'refused' ? undefined : await resolveFolderInside(root, path);
  if (folder === undefined)
    throw new RequestError(
      400,
      `Cannot use ${path} of the image: it leads out of it, or is no file or folder`,
    );
  const isThere = (await lstat(folder).catch(() => undefined)) !== undefined;
  const inside = folder.slice(root.length);
  return { path: inside === '' ? '/' : join('/', inside), isThere, isFolder: isThere };
}
