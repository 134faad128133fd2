// Opens what lies beneath a folder whose content others may change at any moment: step by step, through no link. Whatever is
// done afterwards is done by the open file, not by its name.
import { constants, type FileHandle, open } from 'node:fs/promises';
import { messageOf, WaltError } from '../../errors.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
/** A pipe would wait for somebody who writes. */
const FILE = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** What is to be opened: `path` leads from `folder`. */
export type Beneath = {
  /** its own path may have links */
  readonly folder: string;
  readonly path: string;
  readonly kind: 'folder' | 'file';
};

/** @throws {WaltError} where a part of the path is a link, leads up, or is not there, or the last one is of another kind */
export async function openBeneath({ folder, path, kind }: Beneath): Promise<FileHandle> {
  const names = path.split('/');
  if (names.some((name) => ['', '.', '..'].includes(name) || name.includes('\0'))) {
    throw new WaltError(`Cannot open ${path}: it is no plain path`);
  }
  let handle = await open(folder, O_RDONLY | O_DIRECTORY);
  try {
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      const flags = isLast && kind === 'file' ? FILE : FOLDER;
      const next = await open(`/proc/self/fd/${handle.fd}/${name}`, flags);
      await handle.close();
      handle = next;
    }
    if (kind === 'file' && !(await handle.stat()).isFile()) throw new Error('it is no plain file');
    return handle;
  } catch (cause) {
    await handle.close();
    throw new WaltError(`Cannot open ${path}: ${messageOf(cause).replace(/, open .*/, '')}`, {
      cause,
    });
  }
}
