/** Writes a DHCP packet: the last step before an answer leaves the server. */
import { textToBytes, Writer } from '../bytes.ts';
import { ipToNumber } from '../ip.ts';
import { macToBytes } from '../mac.ts';
import { magicCookie, overloadCode } from './decode.ts';
import { end, layOut } from './framing.ts';
import { type DhcpOptionName, dhcpOptions } from './options.ts';
import type { DhcpPacket, RawDhcpOption } from './packet.ts';

/** How one client wants its packet laid out; it changes no value of the packet. */
export type DhcpEncoding = {
  /** Option codes in the order the client asked for them (option 55); the others follow by number. */
  readonly order?: readonly number[];
  /**
   * Bytes of the whole packet, without IP and UDP headers. Where the options need more, the `file` and
   * `sname` fields carry some if they are empty (RFC 2132 §9.3).
   */
  readonly maxLength?: number;
};

const headLength = 240;
const fileLength = 128;
const snameLength = 64;
/** RFC 951 §3: a BOOTP packet has 300 bytes, and relays and firmware refuse shorter ones. */
const shortestPacket = 300;
/** The length of a piece is one byte. */
const longestPiece = 255;
const nothing = new Uint8Array();
/** A UDP datagram holds no more (RFC 768, RFC 791). */
const longestPacket = 65507;

/** Throws RangeError where a value does not fit its field, or the options the packet. */
export function encodeDhcp(packet: DhcpPacket, encoding: DhcpEncoding = {}): Uint8Array {
  const options = inOrder(rawOptions(packet), encoding.order ?? []);
  const capacity = (encoding.maxLength ?? longestPacket) - headLength;
  const length = plainLength(options);
  if (length !== undefined && length <= capacity) return encodePlain(packet, options, length);
  const fields = placeOptions(packet, options, capacity);
  const optionsLength = Math.max(fields.options.length, shortestPacket - headLength);
  const writer = new Writer(headLength + optionsLength);
  return writeHead(writer, packet, fields).padded(fields.options, optionsLength).finish();
}

/** Options as they nearly always are: behind each other in their own field, each in one piece. */
function encodePlain(
  packet: DhcpPacket,
  options: readonly RawDhcpOption[],
  length: number,
): Uint8Array {
  const optionsLength = Math.max(length, shortestPacket - headLength);
  const writer = new Writer(headLength + optionsLength);
  const { file, sname } = packet;
  writeHead(writer, packet, { file: textToBytes(file), sname: textToBytes(sname) });
  for (const { code, bytes } of options) writer.u8(code).u8(bytes.length).bytes(bytes);
  return writer
    .u8(end)
    .padded(nothing, optionsLength - length)
    .finish();
}

/** Bytes of such options with their end; undefined where one needs several pieces. */
function plainLength(options: readonly RawDhcpOption[]): number | undefined {
  let length = 1;
  for (const { bytes } of options) {
    if (bytes.length > longestPiece) return undefined;
    length += 2 + bytes.length;
  }
  return length;
}

/** All that stands before the options. */
function writeHead(
  writer: Writer,
  packet: DhcpPacket,
  { file, sname }: Pick<Fields, 'file' | 'sname'>,
): Writer {
  return writer
    .u8(packet.op)
    .u8(packet.htype)
    .u8(packet.hlen)
    .u8(packet.hops)
    .u32(packet.xid)
    .u16(packet.secs)
    .u16(packet.flags)
    .u32(ipToNumber(packet.ciaddr))
    .u32(ipToNumber(packet.yiaddr))
    .u32(ipToNumber(packet.siaddr))
    .u32(ipToNumber(packet.giaddr))
    .padded(macToBytes(packet.chaddr), 16)
    .padded(sname, snameLength)
    .padded(file, fileLength)
    .u32(magicCookie);
}

type Fields = {
  readonly options: Uint8Array;
  readonly file: Uint8Array;
  readonly sname: Uint8Array;
};

/** Options in several pieces, or in several fields. */
function placeOptions(
  packet: DhcpPacket,
  options: readonly RawDhcpOption[],
  capacity: number,
): Fields {
  const file = textToBytes(packet.file);
  const sname = textToBytes(packet.sname);
  const [plain] = layOut(options, [{ capacity }]) ?? [];
  if (plain) return { options: plain, file, sname };

  const overload = (file.length === 0 ? 1 : 0) + (sname.length === 0 ? 2 : 0);
  const marked = [{ code: overloadCode, bytes: Uint8Array.of(overload) }, ...options];
  const spread = layOut(marked, [
    { capacity },
    { capacity: file.length === 0 ? fileLength : 0 },
    { capacity: sname.length === 0 ? snameLength : 0 },
  ]);
  const [first, second, third] = overload === 0 ? [] : (spread ?? []);
  if (!first || !second || !third) {
    throw new RangeError(`Cannot encode DHCP packet: its options need more than ${capacity} bytes`);
  }
  return {
    options: first,
    file: file.length === 0 ? second : file,
    sname: sname.length === 0 ? third : sname,
  };
}

function rawOptions(packet: DhcpPacket): RawDhcpOption[] {
  const named = Object.entries(packet.options).map(([name, value]) => {
    const row = dhcpOptions[name as DhcpOptionName];
    const encode = row.codec.encode as (value: unknown) => Uint8Array;
    return { code: row.code, bytes: encode(value) };
  });
  return [...named, ...(packet.unknownOptions ?? [])];
}

/**
 * The message type stands first, which old boot ROMs expect; what the client asked for follows in its order
 * (RFC 2132 §9.8), then the rest by number; the relay agent's option is last (RFC 3046 §2.1).
 */
function inOrder(options: readonly RawDhcpOption[], order: readonly number[]): RawDhcpOption[] {
  const rank = (code: number): number => {
    if (code === dhcpOptions.messageType.code) return -1;
    if (code === dhcpOptions.relayAgent.code) return order.length + 256;
    const asked = order.indexOf(code);
    return asked >= 0 ? asked : order.length + code;
  };
  const ranked = options.map((option) => ({ option, rank: rank(option.code) }));
  return ranked.sort((left, right) => left.rank - right.rank).map(({ option }) => option);
}
