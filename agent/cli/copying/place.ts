// Places that `walt node cp` copies from and to: paths of this machine, and of nodes.
import { basename } from 'node:path/posix';
import { CommandError } from '../command-line/command-error.ts';

/** A path, of this machine where there is no node. */
export type CopyPlace = { readonly node?: string; readonly path: string };

/** `pc-1:/etc` is of a node; whatever has a slash before its colon, or a dot, is of this machine. */
export function placeOf(text: string): CopyPlace {
  const [, node, path] = /^([A-Za-z][A-Za-z0-9-]*):(.*)$/s.exec(text) ?? [];
  return node === undefined || path === undefined ? { path: text } : { node, path: path || './' };
}

/**
 * The same place, without slashes at its end, and the name that it has there.
 * @throws {CommandError} if it has none
 */
export function namedPlace(place: CopyPlace): CopyPlace & { readonly name: string } {
  const path = place.path.replace(/(?<=.)\/+$/s, '');
  const name = basename(path);
  if (!['', '.', '..'].includes(name)) return { ...place, path, name };
  throw new CommandError(
    `Cannot copy ${place.path}: name a file or folder, not the one that all is in. ${path === '/' ? 'walt node save NODE IMAGE keeps what changed' : 'As ../name'}`,
  );
}
