/** Finds the UDP datagram in an IPv4 packet (RFC 791, RFC 768): the server looks for DHCP messages of other servers. */
import { DecodeError, Reader } from '../bytes.ts';
import { numberToIp } from '../ip.ts';

/** The parts of a datagram that are needed to tell a DHCP server from others. `source` is dotted IPv4. */
export type UdpDatagram = {
  readonly source: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
};

const UDP = 17;

/** @param bytes payload of an Ethernet frame. Throws DecodeError for all but a whole datagram. Checks no checksum. */
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
