// One thing that a layer makes or takes away, as it is kept beside the content of the layer's files.
import type { TarKind } from './tar/tar-entry.ts';

/** Paths and targets have a character for each byte, so that names which are no UTF-8 survive. */
export type LayerEntry = {
  /** parts with `/` between them; empty for the root */
  readonly path: string;
  readonly kind: TarKind;
  /** permissions with setuid, setgid and sticky bit */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** seconds since 1970, and nanoseconds after them */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** of a file, bytes */
  readonly size: number;
  /** where a file begins in the data of the layer, bytes; a multiple of DATA_BLOCK */
  readonly offset: number;
  /** of a link, as it stands; of a hard link, a path like `path` */
  readonly target: string;
  readonly major: number;
  readonly minor: number;
  /** extended attributes, name → value, a character for each byte */
  readonly xattrs: Readonly<Record<string, string>>;
};

/** Files begin at multiples of this many bytes in the data of a layer: the blocks of the file system that is made of them. */
export const DATA_BLOCK = 4096;

/** The path as people read it. */
export function shownPath(path: string): string {
  return `/${Buffer.from(path, 'latin1').toString()}`;
}
