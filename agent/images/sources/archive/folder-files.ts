// The files of an archive that is a folder. Links are followed inside the folder alone.
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArchiveFiles, type FilePlace, pathParts } from './archive-files.ts';

/** @throws {Error} of node:fs if there is no such folder */
export async function openFolder(folder: string): Promise<ArchiveFiles> {
  const root = await realpath(folder);
  return { find: (name) => placeIn(root, name) };
}

async function placeIn(root: string, name: string): Promise<FilePlace | undefined> {
  const parts = pathParts(name);
  if (parts === undefined) return undefined;
  const path = await realpath(join(root, ...parts)).catch(() => undefined);
  if (path === undefined || !path.startsWith(`${root === '/' ? '' : root}/`)) return undefined;
  const status = await stat(path);
  return status.isFile() ? { kind: 'file', path, offset: 0, length: status.size } : undefined;
}
