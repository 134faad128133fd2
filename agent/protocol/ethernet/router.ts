/**
 * IPv6 router discovery (RFC 4861 §4.1, §4.2): boot loaders ask for a router and wait many seconds for one. The
 * answer here says that there is none to use (lifetime 0) and no address to make, which ends the wait.
 */
import { DecodeError, Reader, Writer } from '../bytes.ts';
import { macToBytes } from '../mac.ts';
import { encodeEthernet, etherTypes } from './frame.ts';

const ICMPV6 = 58;
const SOLICITATION = 133;
const ADVERTISEMENT = 134;
/** A router that passes a packet on lowers this number; receivers drop what has less (RFC 4861 §6.1). */
const HOP_LIMIT = 255;
/** ff02::1, all machines on the wire, and the MAC for it (RFC 2464 §7). */
const ALL_NODES = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const ALL_NODES_MAC = '33:33:00:00:00:01';

/** Whether an IPv6 packet asks for routers. Throws DecodeError where it is not whole. */
export function isRouterSolicitation(bytes: Uint8Array): boolean {
  const reader = new Reader(bytes);
  if (reader.u8('version') >> 4 !== 6) throw new DecodeError('version', 0, 'not IPv6');
  reader.bytes(5, 'traffic class, flow and length');
  const nextHeader = reader.u8('next header');
  const hopLimit = reader.u8('hop limit');
  reader.bytes(32, 'addresses');
  return nextHeader === ICMPV6 && hopLimit === HOP_LIMIT && reader.u8('type') === SOLICITATION;
}

/** The frame that tells all machines on the wire that the machine with `mac` routes nothing. */
export function routerAdvertisement(mac: string): Uint8Array {
  const source = linkLocalAddress(mac);
  const message = advertisement(0);
  const sum = checksum(
    new Writer()
      .bytes(source)
      .bytes(ALL_NODES)
      .u32(message.length)
      .u32(ICMPV6)
      .bytes(message)
      .finish(),
  );
  const payload = new Writer()
    .u32(0x60000000)
    .u16(message.length)
    .u8(ICMPV6)
    .u8(HOP_LIMIT)
    .bytes(source)
    .bytes(ALL_NODES)
    .bytes(advertisement(sum))
    .finish();
  return encodeEthernet({
    destination: ALL_NODES_MAC,
    source: mac,
    type: etherTypes.ipv6,
    payload,
  });
}

/**
 * Type, code, checksum, hop limit, flags, router lifetime, reachable time, retransmission time. The last five are 0,
 * which leaves them open; the lifetime of 0 seconds alone means something: this is no router to use.
 */
function advertisement(sum: number): Uint8Array {
  return new Writer().u8(ADVERTISEMENT).u8(0).u16(sum).u8(0).u8(0).u16(0).u32(0).u32(0).finish();
}

/** RFC 4291, appendix A. */
function linkLocalAddress(mac: string): Uint8Array {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = macToBytes(mac);
  return Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, d, e, f);
}

/** RFC 1071. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
