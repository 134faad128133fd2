/** UDP over IPv4 in an Ethernet payload: as much of it as finding the DHCP message inside takes (RFC 791, RFC 768). */
import { DecodeError, Reader } from '../bytes.ts';
import { numberToIp } from '../ip.ts';

export type UdpDatagram = {
  readonly source: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
};

const UDP = 17;

/** Throws DecodeError for anything but a whole datagram; checksums are not looked at. */
export function decodeUdp(bytes: Uint8Array): UdpDatagram {
  const reader = new Reader(bytes);
  const first = reader.u8('version');
  const headerLength = (first & 0xf) * 4;
  if (first >> 4 !== 4 || headerLength < 20) throw new DecodeError('version', 0, 'not IPv4');
  reader.bytes(5, 'length and identification');
  const fragment = reader.u16('fragment');
  if ((fragment & 0x3fff) !== 0) throw new DecodeError('fragment', 6, 'only a part');
  reader.u8('time to live');
  if (reader.u8('protocol') !== UDP) throw new DecodeError('protocol', 9, 'not UDP');
  reader.u16('header checksum');
  const source = numberToIp(reader.u32('source'));
  reader.bytes(headerLength - 16, 'destination and options');
  const sourcePort = reader.u16('source port');
  const destinationPort = reader.u16('destination port');
  const length = reader.u16('length');
  if (length < 8) throw new DecodeError('length', reader.offset - 2, 'shorter than its header');
  reader.u16('checksum');
  return { source, sourcePort, destinationPort, payload: reader.bytes(length - 8, 'payload') };
}
