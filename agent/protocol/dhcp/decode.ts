/** Reads a DHCP packet: the first step of every boot on the server. */
import { bytesToText, DecodeError, Reader } from '../bytes.ts';
import { numberToIp } from '../ip.ts';
import { bytesToMac } from '../mac.ts';
import { joinPieces, readOptionField } from './framing.ts';
import { type DhcpOptionName, type DhcpOptions, dhcpOptions } from './options.ts';
import type { DhcpPacket, RawDhcpOption } from './packet.ts';

/** RFC 2132 §2. */
export const magicCookie = 0x63825363;
/** RFC 2132 §9.3. */
export const overloadCode = 52;

/**
 *     0        1        2        3
 *     +--------+--------+--------+--------+
 *     |   op   | htype  |  hlen  |  hops  |
 *     +--------+--------+--------+--------+
 *     |                xid                |
 *     +-----------------+-----------------+
 *     |      secs       |      flags      |
 *     +-----------------+-----------------+
 *     | ciaddr, yiaddr, siaddr, giaddr    |  4 bytes each
 *     | chaddr 16, sname 64, file 128     |
 *     | 63 82 53 63, options …            |
 *     +-----------------------------------+
 *
 * RFC 2131 §2, big-endian. Throws DecodeError for anything else, plain BOOTP included.
 */
export function decodeDhcp(bytes: Uint8Array): DhcpPacket {
  const reader = new Reader(bytes);
  const op = reader.u8('op');
  if (op !== 1 && op !== 2) throw new DecodeError('op', 0, `${op} is neither request nor reply`);
  const htype = reader.u8('htype');
  const hlen = reader.u8('hlen');
  if (hlen > 16) throw new DecodeError('hlen', 2, `${hlen} bytes do not fit into chaddr`);
  const head = {
    op,
    htype,
    hlen,
    hops: reader.u8('hops'),
    xid: reader.u32('xid'),
    secs: reader.u16('secs'),
    flags: reader.u16('flags'),
    ciaddr: numberToIp(reader.u32('ciaddr')),
    yiaddr: numberToIp(reader.u32('yiaddr')),
    siaddr: numberToIp(reader.u32('siaddr')),
    giaddr: numberToIp(reader.u32('giaddr')),
    chaddr: bytesToMac(reader.view(16, 'chaddr').subarray(0, hlen)),
  } as const;
  const sname = reader.view(64, 'sname');
  const file = reader.view(128, 'file');
  if (reader.u32('magic cookie') !== magicCookie) {
    throw new DecodeError('magic cookie', reader.offset - 4, 'this is not DHCP');
  }
  const pieces = readOptionField(reader.view(reader.remaining, 'options'), 'option');
  const overload = pieces.find(({ code }) => code === overloadCode)?.bytes[0] ?? 0;
  const fileHasOptions = (overload & 1) !== 0;
  const snameHasOptions = (overload & 2) !== 0;
  // RFC 3396 §5: the fields follow each other in this order.
  if (fileHasOptions) pieces.push(...readOptionField(file, 'option in file'));
  if (snameHasOptions) pieces.push(...readOptionField(sname, 'option in sname'));
  return {
    ...head,
    sname: snameHasOptions ? '' : untilZero(sname),
    file: fileHasOptions ? '' : untilZero(file),
    ...nameOptions(pieces.filter(({ code }) => code !== overloadCode)),
  };
}

function untilZero(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return bytesToText(zero < 0 ? bytes : bytes.subarray(0, zero));
}

const namesByCode: ReadonlyMap<number, DhcpOptionName> = new Map(
  Object.entries(dhcpOptions).map(([name, row]) => [row.code, name as DhcpOptionName]),
);

function nameOptions(
  pieces: readonly RawDhcpOption[],
): Pick<DhcpPacket, 'options' | 'unknownOptions'> {
  const options: Record<string, unknown> = {};
  const unknownOptions: RawDhcpOption[] = [];
  for (const { code, bytes } of joinPieces(pieces)) {
    const name = namesByCode.get(code);
    const decode = name && dhcpOptions[name].codec.decode;
    const value = decode?.(bytes) ?? (decode && firstThatFits(pieces, code, decode));
    if (name && value !== undefined) options[name] = value;
    if (value === undefined) unknownOptions.push({ code, bytes });
  }
  if (unknownOptions.length === 0) return { options: options as DhcpOptions };
  return { options: options as DhcpOptions, unknownOptions };
}

/**
 * Options of one code are the parts of one long value (RFC 3396). But some firmware and relays send an option of fixed length
 * twice: joined, it has a wrong length. Then the first one that can be read counts.
 */
function firstThatFits(
  pieces: readonly RawDhcpOption[],
  code: number,
  decode: (bytes: Uint8Array) => unknown,
): unknown {
  const same = pieces.filter((piece) => piece.code === code);
  if (same.length < 2) return undefined;
  return same.map(({ bytes }) => decode(bytes)).find((value) => value !== undefined);
}
