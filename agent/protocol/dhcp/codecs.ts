/**
 * What the value of a DHCP option looks like on the wire, one codec per form.
 * `decode` gives undefined where the bytes do not fit: the option is then kept as raw bytes.
 */
import { bytesToText, Reader, textToBytes, Writer } from '../bytes.ts';
import { ipToNumber, numberToIp } from '../ip.ts';

/**
 * One form of value: `decode` takes the bytes behind an option's tag and length, `encode` makes them.
 * `encode` throws RangeError for a number that does not fit, TypeError for an address that is none.
 */
export type OptionCodec<T> = {
  readonly decode: (bytes: Uint8Array) => T | undefined;
  readonly encode: (value: T) => Uint8Array;
};

/** A value whose meaning is read elsewhere, or nowhere. */
export const bytes: OptionCodec<Uint8Array> = {
  decode: (value) => value,
  encode: (value) => value,
};

/** RFC 2132 §2: trailing NULs are not part of a text. */
export const text: OptionCodec<string> = {
  decode: (value) => withoutEnd(bytesToText(value)),
  encode: textToBytes,
};

/** A number of 2 bytes, the high one first. */
export const u16: OptionCodec<number> = {
  decode: (value) => (value.length === 2 ? new Reader(value).u16('value') : undefined),
  encode: (value) => new Writer(2).u16(value).finish(),
};

/** A number of 4 bytes, the high one first. */
export const u32: OptionCodec<number> = {
  decode: (value) => (value.length === 4 ? new Reader(value).u32('value') : undefined),
  encode: (value) => new Writer(4).u32(value).finish(),
};

/** A list of numbers of one byte each; it may be empty. */
export const u8List: OptionCodec<readonly number[]> = {
  decode: (value) => [...value],
  encode: (value) =>
    value.reduce((writer, item) => writer.u8(item), new Writer(value.length)).finish(),
};

/** A list of one or more numbers of 2 bytes each, the high byte first. */
export const u16List: OptionCodec<readonly number[]> = {
  decode: (value) => decodeList(value, 2, (reader) => reader.u16('item')),
  encode: (value) => value.reduce((writer, item) => writer.u16(item), new Writer()).finish(),
};

/** One IPv4 address. */
export const ip: OptionCodec<string> = {
  decode: (value) => (value.length === 4 ? numberToIp(new Reader(value).u32('value')) : undefined),
  encode: (value) => new Writer(4).u32(ipToNumber(value)).finish(),
};

/** One or more IPv4 addresses, the preferred one first. */
export const ipList: OptionCodec<readonly string[]> = {
  decode: (value) => decodeList(value, 4, (reader) => numberToIp(reader.u32('item'))),
  encode: (value) =>
    value.reduce((writer, item) => writer.u32(ipToNumber(item)), new Writer()).finish(),
};

function withoutEnd(value: string): string {
  return value.endsWith('\0') ? value.replace(/\0+$/, '') : value;
}

function decodeList<T>(
  value: Uint8Array,
  itemLength: number,
  read: (reader: Reader) => T,
): T[] | undefined {
  if (value.length === 0 || value.length % itemLength !== 0) return undefined;
  const reader = new Reader(value);
  const items: T[] = [];
  while (reader.remaining > 0) items.push(read(reader));
  return items;
}
