// Where a path of an image leads, as the image's own system would see it.
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RequestError } from '../../errors.ts';
import { resolveFolderInside, resolveInside } from '../content/files/inside.ts';

/** A path of an image, with its links followed. */
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

/** What is copied: its name, and whether it is a folder. */
type Copied = { readonly name: string; readonly isFolder: boolean };

/**
 * Where a copy goes, as cp(1) has it: into a folder that is there, else in the place of the file, or under a new name beside what is there.
 * Folders on the way to it are not made.
 * @returns absolute in the image
 * @throws {RequestError} where cp(1) would refuse
 */
export async function copyPlace(
  root: string,
  path: string,
  { name, isFolder }: Copied,
): Promise<string> {
  const place = await placeInside(root, path);
  if (place.isFolder) return await placeWithin(root, place.path, { name, isFolder });
  if (place.isThere && (isFolder || path.endsWith('/'))) {
    throw refused(`${place.path} of the image is a file, and no folder`);
  }
  if (place.isThere) return place.path;
  const parent = dirname(place.path);
  const status = await lstat(join(root, parent)).catch(() => undefined);
  const missing = status?.isDirectory() !== true ? parent : place.path;
  if (missing === place.path && (isFolder || !path.endsWith('/'))) return place.path;
  throw refused(
    `there is no folder ${missing} in the image. Make it first (walt image shell IMAGE, mkdir), or copy a folder that has it`,
  );
}

async function placeWithin(
  root: string,
  folder: string,
  { name, isFolder }: Copied,
): Promise<string> {
  const path = join(folder, name);
  const status = await lstat(join(root, path)).catch(() => undefined);
  if (status === undefined || status.isDirectory() === isFolder) return path;
  const [there, here] = isFolder ? ['no folder', 'a folder'] : ['a folder', 'a file'];
  throw refused(`${path} is ${there} in the image, and ${here} here`);
}

function refused(why: string): RequestError {
  return new RequestError(409, `Nothing was copied: ${why}.`);
}
