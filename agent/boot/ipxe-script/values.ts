// Values of settings, and how `${name:type}` prints them.
import { bytesToText, textToBytes } from '../../protocol/bytes.ts';
import { isIp, numberToIp } from '../../protocol/ip.ts';
import { bytesToMac, isMac, macToBytes } from '../../protocol/mac.ts';

/** What a setting holds: bytes, big-endian for numbers, and how to read them. */
export type Value = {
  /** a type of the table below: how it prints where none is asked for */
  readonly type: string;
  readonly bytes: Uint8Array;
};

type Type = {
  readonly print: (bytes: Uint8Array) => string;
  /** undefined where the text is no such value */
  readonly parse?: (text: string) => Uint8Array | undefined;
};

const hexOf = (bytes: Uint8Array, separator: string) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(separator);

const unsigned = (bytes: Uint8Array) =>
  bytes.slice(-4).reduce((number, byte) => number * 256 + byte, 0);

function integer(length: 1 | 2 | 4, print: (number: number) => string): Type {
  return {
    print: (bytes) => print(unsigned(bytes)),
    parse: (text) => {
      if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
      const number = Number(text.replace(/^-/, '')) * (text.startsWith('-') ? -1 : 1);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setInt32(0, number);
      return bytes.slice(4 - length);
    },
  };
}

const plain = (text: string) => text;
const decimal = (number: number) => String(number | 0);
const hexadecimal = (number: number) => `0x${number.toString(16)}`;

function string(print: (text: string) => string): Type {
  return { print: (bytes) => print(bytesToText(bytes)), parse: textToBytes };
}

function hex(separator: string): Type {
  const form = new RegExp(`^(?:[0-9a-f]{2}(?:${separator}[0-9a-f]{2})*)?$`, 'i');
  return {
    print: (bytes) => hexOf(bytes, separator),
    parse: (text) =>
      form.test(text) ? Buffer.from(text.replaceAll(separator, ''), 'hex') : undefined,
  };
}

/** The types of https://ipxe.org/cfg that scripts use. */
const types: Readonly<Record<string, Type>> = {
  string: string(plain),
  uristring: string(uriEscaped),
  urlstring: string(uriEscaped),
  ipv4: {
    print: (bytes) => (bytes.length === 4 ? numberToIp(unsigned(bytes)) : ''),
    parse: (text) => (isIp(text) ? Uint8Array.from(text.split('.'), Number) : undefined),
  },
  mac: {
    print: (bytes) => (bytes.length === 6 ? bytesToMac(bytes) : hexOf(bytes, ':')),
    parse: (text) => (isMac(text) ? macToBytes(text) : undefined),
  },
  int8: integer(1, decimal),
  int16: integer(2, decimal),
  int32: integer(4, decimal),
  uint8: integer(1, hexadecimal),
  uint16: integer(2, hexadecimal),
  uint32: integer(4, hexadecimal),
  hex: hex(':'),
  hexhyp: hex('-'),
  hexraw: hex(''),
  base64: { print: (bytes) => btoa(bytesToText(bytes)) },
};

/** Whether iPXE knows a type of this name, as in `${name:type}`. */
export const isType = (name: string): boolean => Object.hasOwn(types, name);

/** @returns undefined where there is no such type, or the text is none of it */
export function parseValue(text: string, type = 'string'): Value | undefined {
  const bytes = types[type]?.parse?.(text);
  return bytes === undefined ? undefined : { type, bytes };
}

/** The value as text in the type that was asked for, or in its own; empty for an unknown type. */
export function printValue({ type, bytes }: Value, asked = type): string {
  return types[asked]?.print(bytes) ?? '';
}

/** The number that a value stands for; texts are read as decimal. */
export function numberOf(value: Value): number {
  if (value.type !== 'string') return unsigned(value.bytes) | 0;
  return Number.parseInt(bytesToText(value.bytes), 10) || 0;
}

/** As in a URI: all but letters, digits and `-._~` as `%` with two hexadecimal digits (RFC 3986 §2). */
function uriEscaped(text: string): string {
  return [...textToBytes(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9._~-]/.test(character)) return character;
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
