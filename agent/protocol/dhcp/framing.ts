/** Option fields of a DHCP packet: tags and lengths (RFC 2132 §2), long options (RFC 3396), end and padding. */
import { Reader, Writer } from '../bytes.ts';
import type { RawDhcpOption } from './packet.ts';

export const pad = 0;
export const end = 255;

const nothing = new Uint8Array();

/**
 *     +-----+--------+----------------+     +-----+
 *     | tag | length | length bytes … |  …  | 255 |
 *     +-----+--------+----------------+     +-----+
 *
 * Options of one field, one entry per tag and length. A field without its end is read as far as it goes.
 */
export function readOptionField(bytes: Uint8Array, field: string): RawDhcpOption[] {
  const reader = new Reader(bytes);
  const options: RawDhcpOption[] = [];
  while (reader.remaining > 0) {
    const code = reader.u8(`${field} tag`);
    if (code === end) return options;
    if (code === pad) continue;
    const length = reader.u8(`${field} length`);
    options.push({ code, bytes: reader.bytes(length, `${field} ${code}`) });
  }
  return options;
}

/** RFC 3396 §5: the pieces of one code are one value, in the order they came. */
export function joinPieces(pieces: readonly RawDhcpOption[]): readonly RawDhcpOption[] {
  if (!hasTwoOfOneCode(pieces)) return pieces;
  const byCode = new Map<number, Uint8Array>();
  for (const { code, bytes } of pieces) {
    const before = byCode.get(code);
    const whole = before === undefined ? bytes : new Writer().bytes(before).bytes(bytes).finish();
    byCode.set(code, whole);
  }
  return Array.from(byCode, ([code, bytes]) => ({ code, bytes }));
}

function hasTwoOfOneCode(pieces: readonly RawDhcpOption[]): boolean {
  return pieces.length > 1 && new Set(pieces.map(({ code }) => code)).size < pieces.length;
}

/** One field to fill: options and the end mark take at most `capacity` bytes. */
export type OptionArea = { readonly capacity: number };

/**
 * Lays `options` into `areas`, in order, cutting an option where an area or its length byte is full.
 * Gives the bytes of each area with the end mark, or undefined where they do not all fit.
 */
export function layOut(
  options: readonly RawDhcpOption[],
  areas: readonly OptionArea[],
): Uint8Array[] | undefined {
  const all = options.reduce((sum, { bytes }) => sum + 2 + bytes.length, 1);
  const writers = areas.map(({ capacity }) => new Writer(Math.max(0, Math.min(all, capacity))));
  let at = 0;
  const room = () => (areas[at]?.capacity ?? 0) - (writers[at]?.length ?? 0) - 1;
  for (const { code, bytes } of options) {
    let rest = bytes;
    do {
      // Two bytes of tag and length, and one of value unless the option is an empty one.
      while (at < areas.length && room() < 2 + Math.min(rest.length, 1)) at += 1;
      const writer = writers[at];
      if (!writer) return undefined;
      const length = Math.min(rest.length, 255, room() - 2);
      const isWhole = length === rest.length;
      writer
        .u8(code)
        .u8(length)
        .bytes(isWhole ? rest : rest.subarray(0, length));
      rest = isWhole ? nothing : rest.subarray(length);
    } while (rest.length > 0);
  }
  return writers.map((writer) => writer.u8(end).finish());
}
