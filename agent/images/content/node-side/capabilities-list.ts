// The list that tells a node which files of its image have capabilities: NFS does not serve them.
// `buildroot-overlay/bin/walt-restore-capabilities` reads it, and says there what it looks like.

/** Where the list is laid in an image, relative to its root. */
export const CAPABILITIES_LIST = 'bin/walt-capabilities.list';

/** A regular file of an image that has capabilities. */
export type CapableFile = {
  /** in the image, from its root on; a slash in front is added where there is none */
  readonly path: Buffer | string;
  /** attribute `security.capability` as it is on disk (linux/capability.h, struct vfs_cap_data) */
  readonly value: Uint8Array;
};

/** @returns a line for each file, in the order of the paths; no text for no file */
export function capabilitiesList(files: readonly CapableFile[]): string {
  return files
    .map(({ path, value }) => ({ path: escaped(path), value: Buffer.from(value).toString('hex') }))
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
    .map(({ path, value }) => `${value} ${path}\n`)
    .join('');
}

/** Other bytes than these mean something to the shell, to `read` or to `printf %b`. */
const PLAIN = /[A-Za-z0-9/._+-]/;

function escaped(path: Buffer | string): string {
  const bytes = Buffer.from(path);
  const absolute = bytes[0] === 0x2f ? bytes : Buffer.concat([Buffer.from('/'), bytes]);
  return Array.from(absolute, escapedByte).join('');
}

function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
}
