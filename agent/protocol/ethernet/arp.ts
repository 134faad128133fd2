/**
 * ARP for IPv4 over Ethernet: who has an address.
 *
 *     +----------+----------+------+------+-----------+
 *     | htype 1  | ptype    | 6    | 4    | operation |
 *     +----------+----------+------+------+-----------+
 *     | sender MAC 6, sender IP 4                     |
 *     | target MAC 6, target IP 4                     |
 *     +-----------------------------------------------+
 *
 * RFC 826, big-endian.
 */
import { DecodeError, Reader, Writer } from '../bytes.ts';
import { ipToNumber, numberToIp } from '../ip.ts';
import { bytesToMac, macToBytes } from '../mac.ts';
import { broadcastMac, encodeEthernet, etherTypes } from './frame.ts';

/** A question who has an address, or the answer. MACs are lower-case text with colons, addresses dotted text. */
export type ArpPacket = {
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  /** 0.0.0.0 in a probe: the sender has no address yet (RFC 5227 §1.1) */
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
};

/** Throws DecodeError for what is no ARP of IPv4 over Ethernet. */
export function decodeArp(bytes: Uint8Array): ArpPacket {
  const reader = new Reader(bytes);
  const head = [reader.u16('htype'), reader.u16('ptype'), reader.u8('hlen'), reader.u8('plen')];
  if (head.join() !== [1, etherTypes.ipv4, 6, 4].join()) {
    throw new DecodeError('htype', 0, 'not of IPv4 over Ethernet');
  }
  const operation = reader.u16('operation');
  if (operation !== 1 && operation !== 2) {
    throw new DecodeError('operation', 6, `${operation} is neither request nor reply`);
  }
  return {
    operation: operation === 1 ? 'request' : 'reply',
    senderMac: bytesToMac(reader.bytes(6, 'sender MAC')),
    senderIp: numberToIp(reader.u32('sender IP')),
    targetMac: bytesToMac(reader.bytes(6, 'target MAC')),
    targetIp: numberToIp(reader.u32('target IP')),
  };
}

/** 28 bytes, the payload of an Ethernet frame. Throws TypeError for a MAC or an address that is none. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  return new Writer()
    .u16(1)
    .u16(etherTypes.ipv4)
    .u8(6)
    .u8(4)
    .u16(packet.operation === 'request' ? 1 : 2)
    .bytes(macToBytes(packet.senderMac))
    .u32(ipToNumber(packet.senderIp))
    .bytes(macToBytes(packet.targetMac))
    .u32(ipToNumber(packet.targetIp))
    .finish();
}

/**
 * A broadcast frame that asks who has `ip`. It gives 0.0.0.0 as the sender's address: nobody who hears it changes an ARP
 * table (RFC 5227 §2.1.1).
 */
export function arpProbe(ip: string, mac: string): Uint8Array {
  const payload = encodeArp({
    operation: 'request',
    senderMac: mac,
    senderIp: '0.0.0.0',
    targetMac: '00:00:00:00:00:00',
    targetIp: ip,
  });
  const address = { destination: broadcastMac, source: mac } as const;
  return encodeEthernet({ ...address, type: etherTypes.arp, payload });
}
