// Extended attributes of an entry, in records of star (`SCHILY.xattr.<name>`, the value as it is) and of libarchive
// (`LIBARCHIVE.xattr.<name, URL-encoded>`, the value in base64). Text is a character for each byte.
import type { PaxRecords } from './pax.ts';
import { TarError } from './tar-error.ts';

const STAR = 'SCHILY.xattr.';
const LIBARCHIVE = 'LIBARCHIVE.xattr.';
/** One object for all entries that have none. */
const NONE: Readonly<Record<string, string>> = {};

/** @returns name → value @throws {TarError} */
export function xattrsIn(records: PaxRecords): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const [key, value] of records) {
    if (key.startsWith(STAR)) found.set(key.slice(STAR.length), value);
    if (!key.startsWith(LIBARCHIVE)) continue;
    const name = decoded(key.slice(LIBARCHIVE.length));
    if (!found.has(name)) found.set(name, Buffer.from(value, 'base64').toString('latin1'));
  }
  if (found.size === 0) return NONE;
  for (const name of found.keys()) {
    if (name === '' || name.length > 255 || name.includes('\0')) {
      throw new TarError('the name of an extended attribute is damaged');
    }
  }
  return Object.fromEntries(found);
}

function decoded(name: string): string {
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
