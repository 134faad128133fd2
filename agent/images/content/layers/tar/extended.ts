// Headers before an entry that say more of it: long names of GNU, and pax headers.
import type { ByteSource } from './byte-source.ts';
import { BLOCK, type TarHeader } from './header.ts';
import { type PaxRecords, paxRecords } from './pax.ts';
import { TarError } from './tar-error.ts';

/** Names and attributes of one entry; more is an attack. */
const MOST_EXTENDED = 1 << 20;
/** Of a global header, what may differ for each entry of an archive without changing what is unpacked. */
const HARMLESS_GLOBAL =
  /^(comment|atime|ctime|charset|hdrcharset|uname|gname|VENDOR\..*|WALT\..*)$/;

/** All that such headers said. */
export type Extended = {
  readonly records: PaxRecords | undefined;
  readonly longName: string | undefined;
  readonly longLink: string | undefined;
};

/** Before the first of them. */
export const NOTHING: Extended = { records: undefined, longName: undefined, longLink: undefined };

/** Whether a header of this type says something of the next entry. */
export function isExtension(type: string): boolean {
  return 'xgLK'.includes(type);
}

/** @param options.keep takes the bytes too @throws {TarError} */
export async function readExtended(
  { size }: TarHeader,
  {
    source,
    keep,
  }: {
    readonly source: ByteSource;
    readonly keep: (bytes: Buffer) => Promise<void> | void;
  },
): Promise<Buffer> {
  if (size < 0 || size > MOST_EXTENDED) {
    throw new TarError(`a name or attribute has ${size} bytes`);
  }
  const content = size === 0 ? Buffer.alloc(0) : await source.take(padded(size));
  if (content === undefined) throw new TarError('it ends too early');
  await keep(content);
  return content.subarray(0, size);
}

/** @throws {TarError} where it says something for the second time */
export function joined(before: Extended, type: string, content: Buffer): Extended {
  const text = () => untilNul(content.toString('latin1'));
  if (type === 'L') return { ...before, longName: once(before.longName, text(), 'long names') };
  if (type === 'K') return { ...before, longLink: once(before.longLink, text(), 'long links') };
  const records = paxRecords(content);
  if (type === 'x') return { ...before, records: once(before.records, records, 'pax headers') };
  const odd = records.find(([key]) => !HARMLESS_GLOBAL.test(key));
  if (odd !== undefined) throw new TarError(`a global pax header sets ${odd[0]} of all entries`);
  return before;
}

function once<Value>(before: Value | undefined, value: Value, what: string): Value {
  if (before === undefined) return value;
  throw new TarError(`an entry has two ${what}`);
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** With what fills the last block; bytes. */
export function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
