/** Writes a DHCP packet: the last step before an answer leaves the server. */
import { textToBytes, Writer } from '../bytes.ts';
import { ipToNumber } from '../ip.ts';
import { macToBytes } from '../mac.ts';
import { magicCookie, overloadCode } from './decode.ts';
import { layOut } from './framing.ts';
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
/** A UDP datagram holds no more (RFC 768, RFC 791). */
const longestPacket = 65507;

/** Throws RangeError where a value does not fit its field, or the options the packet. */
export function encodeDhcp(packet: DhcpPacket, encoding: DhcpEncoding = {}): Uint8Array {
  const fields = placeOptions(packet, encoding);
  const optionsLength = Math.max(fields.options.length, shortestPacket - headLength);
  return new Writer(headLength + optionsLength)
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
    .padded(fields.sname, snameLength)
    .padded(fields.file, fileLength)
    .u32(magicCookie)
    .padded(fields.options, optionsLength)
    .finish();
}

type Fields = {
  readonly options: Uint8Array;
  readonly file: Uint8Array;
  readonly sname: Uint8Array;
};

function placeOptions(packet: DhcpPacket, encoding: DhcpEncoding): Fields {
  const options = inOrder(rawOptions(packet), encoding.order ?? []);
  const capacity = (encoding.maxLength ?? longestPacket) - headLength;
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
  const rank = ({ code }: RawDhcpOption): number => {
    if (code === dhcpOptions.messageType.code) return -1;
    if (code === dhcpOptions.relayAgent.code) return order.length + 256;
    const asked = order.indexOf(code);
    return asked >= 0 ? asked : order.length + code;
  };
  return options.toSorted((left, right) => rank(left) - rank(right));
}
