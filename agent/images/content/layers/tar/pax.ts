// Extended headers of POSIX: records `<length> <key>=<value>\n`, the length that of the whole record in decimal.
// IEEE Std 1003.1-2017, pax, "pax Extended Header".
import { TarError } from './tar-error.ts';

/** In the order of the archive: GNU's first form of sparse files repeats keys. Text is a character for each byte. */
export type PaxRecords = readonly (readonly [key: string, value: string])[];

const NO_NUL = new Set(['path', 'linkpath', 'GNU.sparse.name']);

/** @throws {TarError} */
export function paxRecords(content: Buffer): PaxRecords {
  const records: [string, string][] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(' ', at);
    const digits = space < 0 ? '' : content.toString('latin1', at, space);
    const length = /^[0-9]{1,8}$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    if (space < 0 || length <= digits.length + 1 || end > content.length) throw damaged();
    if (content[end - 1] !== 0x0a) throw damaged();
    records.push(recordOf(content.toString('latin1', space + 1, end - 1)));
    at = end;
  }
  return records;
}

function recordOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw damaged();
  const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (NO_NUL.has(key) && value.includes('\0')) throw damaged();
  return [key, value];
}

/** Value of a key, the last one where there are several; undefined where it is not set, or taken back by an empty value. */
export function recordIn(records: PaxRecords, wanted: string): string | undefined {
  const value = records.findLast(([key]) => key === wanted)?.[1];
  return value === '' ? undefined : value;
}

/** @throws {TarError} if the record is there and no count */
export function countIn(records: PaxRecords, key: string): number | undefined {
  const text = recordIn(records, key);
  if (text === undefined) return undefined;
  return parseCount(text, key);
}

/** @throws {TarError} if it is no decimal number that can be told exactly */
export function parseCount(text: string, field: string): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new TarError(`a pax header is damaged: its ${field} is no number`);
}

/**
 * A time in decimal seconds, with a fraction or without one.
 * @returns whole seconds since 1970 and nanoseconds after them
 * @throws {TarError}
 */
export function parseTime(text: string): {
  readonly seconds: number;
  readonly nanoseconds: number;
} {
  const [, sign, whole = '', fraction = ''] = /^(-?)([0-9]{1,15})(?:\.([0-9]*))?$/.exec(text) ?? [];
  if (whole === '') throw new TarError('a pax header is damaged: its mtime is no time');
  const nanoseconds = Number(fraction.padEnd(9, '0').slice(0, 9));
  if (sign !== '-') return { seconds: Number(whole), nanoseconds };
  if (nanoseconds === 0) return { seconds: -Number(whole), nanoseconds };
  return { seconds: -Number(whole) - 1, nanoseconds: 1e9 - nanoseconds };
}

function damaged(): TarError {
  return new TarError('a pax header is damaged');
}
