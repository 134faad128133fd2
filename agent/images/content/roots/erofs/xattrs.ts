// Extended attributes behind an inode of EROFS.
//   header: 0 name filter 4 | 4 shared 1 | 5 reserved 7; each attribute, at a multiple of 4:
//   0 name's length 1 | 1 prefix 1 | 2 value's length 2 | name | value

/** As they stand behind the inode, and the count that the inode says of them. */
export type Xattrs = { readonly bytes: Uint8Array; readonly count: number };

/** Prefixes that have a number; a whole name where nothing follows (`erofs_fs.h`, EROFS_XATTR_INDEX). */
const PREFIXES = [
  { prefix: 'system.posix_acl_access', index: 2, isWhole: true },
  { prefix: 'system.posix_acl_default', index: 3, isWhole: true },
  { prefix: 'user.', index: 1, isWhole: false },
  { prefix: 'trusted.', index: 4, isWhole: false },
  { prefix: 'security.', index: 6, isWhole: false },
] as const;

const HEADER = 12;
const NONE: Xattrs = { bytes: new Uint8Array(), count: 0 };

/** Whether the file system can keep an attribute of this name. */
export function canKeep(name: string): boolean {
  return prefixOf(name) !== undefined;
}

/** @param values name → value, a character for each byte; those that cannot be kept are left out */
export function xattrsOf(values: Readonly<Record<string, string>>): Xattrs {
  const parts: Buffer[] = [];
  for (const name of Object.keys(values).sort()) {
    const known = prefixOf(name);
    if (known === undefined) continue;
    const rest = Buffer.from(name.slice(known.prefix.length), 'latin1');
    const value = Buffer.from(values[name] ?? '', 'latin1');
    const head = Buffer.from([rest.length, known.index, value.length & 0xff, value.length >> 8]);
    const length = head.length + rest.length + value.length;
    parts.push(head, rest, value, Buffer.alloc(-length & 3));
  }
  if (parts.length === 0) return NONE;
  const bytes = Buffer.concat([Buffer.alloc(HEADER), ...parts]);
  return { bytes, count: (bytes.length - HEADER) / 4 + 1 };
}

function prefixOf(name: string) {
  return PREFIXES.find(({ prefix, isWhole }) =>
    isWhole ? name === prefix : name.startsWith(prefix),
  );
}
