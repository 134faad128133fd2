// One entry of a tar archive, with all that was said before it.
import type { Extended } from './extended.ts';
import type { TarHeader } from './header.ts';
import { countIn, type PaxRecords, parseTime, recordIn } from './pax.ts';
import type { SparseMap } from './sparse.ts';
import { TarError } from './tar-error.ts';
import { xattrsIn } from './xattrs.ts';

/** What an entry makes. */
export type TarKind = 'file' | 'hard-link' | 'link' | 'character' | 'block' | 'folder' | 'fifo';

/** One entry, with all that was said before it. Text is a character for each byte. */
export type TarEntry = {
  /** as it stands in the archive */
  readonly path: string;
  readonly kind: TarKind;
  /** permissions with setuid, setgid and sticky bit */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** seconds since 1970, and nanoseconds after them */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** of a file, with its holes; bytes */
  readonly size: number;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
  /** extended attributes, name → value */
  readonly xattrs: Readonly<Record<string, string>>;
};

/** What entries of each type make. */
export const KINDS: Readonly<Record<string, TarKind>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hard-link',
  '2': 'link',
  '3': 'character',
  '4': 'block',
  '5': 'folder',
  '6': 'fifo',
};
/** What is known of an entry once its header is read. */
export type Said = Extended & {
  readonly records: PaxRecords;
  readonly stored: number;
  readonly map: SparseMap | undefined;
};

/** @throws {TarError} if it is of no kind, or programs read it differently from each other */
export function entryOf(
  header: TarHeader,
  { records, longName, longLink, stored, map }: Said,
): TarEntry {
  const said = recordIn(records, 'GNU.sparse.name') ?? recordIn(records, 'path');
  const path = oneOf(longName, said, 'names') ?? header.name;
  const kind = kindOf(header.type, { path, stored });
  const time = recordIn(records, 'mtime');
  const isDevice = kind === 'character' || kind === 'block';
  return {
    ...{ path, kind },
    mode: header.mode,
    uid: countIn(records, 'uid') ?? header.uid,
    gid: countIn(records, 'gid') ?? header.gid,
    ...(time === undefined ? { seconds: header.mtime, nanoseconds: 0 } : parseTime(time)),
    size: kind === 'file' ? (map?.size ?? stored) : 0,
    target: oneOf(longLink, recordIn(records, 'linkpath'), 'targets') ?? header.link,
    ...{ major: isDevice ? header.major : 0, minor: isDevice ? header.minor : 0 },
    xattrs: xattrsIn(records),
  };
}

/** Of what GNU's header and a pax header say, Go takes the one, and GNU tar the other. */
function oneOf(gnu: string | undefined, pax: string | undefined, what: string): string | undefined {
  if (gnu === undefined || pax === undefined || gnu === pax) return gnu ?? pax;
  throw new TarError(`an entry has two ${what}: ${shown(gnu)} and ${shown(pax)}`);
}

/** Before POSIX a folder was a file whose name ends with a slash. */
function kindOf(
  type: string,
  { path, stored }: { readonly path: string; readonly stored: number },
): TarKind {
  const kind = KINDS[type];
  if (kind === undefined) {
    throw new TarError(`${shown(path)} is of a kind that no image has (${JSON.stringify(type)})`);
  }
  if (kind !== 'file' || !path.endsWith('/')) return kind;
  if (type === '\0' && stored === 0) return 'folder';
  // GNU tar makes a folder of it, Go a file.
  throw new TarError(`${shown(path)} is a file and called like a folder`);
}

/** As people read it. */
export function shown(path: string): string {
  return `/${Buffer.from(path, 'latin1').toString()}`;
}
