/**
 * An Ethernet frame, as the packet socket on walt-net gives and takes it, without preamble and checksum.
 *
 *     +-----------------+-----------------+--------+---------+
 *     | destination 6   | source 6        | type 2 | payload |
 *     +-----------------+-----------------+--------+---------+
 */
import { Reader, Writer } from '../bytes.ts';
import { bytesToMac, macToBytes } from '../mac.ts';

/** A frame without VLAN tag. MACs are lower-case text with colons. */
export type EthernetFrame = {
  readonly destination: string;
  readonly source: string;
  /** see {@link etherTypes} */
  readonly type: number;
  readonly payload: Uint8Array;
};

/** IEEE 802 numbers. */
export const etherTypes = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

/** The destination that every card on the wire accepts. */
export const broadcastMac = 'ff:ff:ff:ff:ff:ff';

/** Throws DecodeError where the header is not whole. */
export function decodeEthernet(bytes: Uint8Array): EthernetFrame {
  const reader = new Reader(bytes);
  return {
    destination: bytesToMac(reader.bytes(6, 'destination')),
    source: bytesToMac(reader.bytes(6, 'source')),
    type: reader.u16('type'),
    payload: reader.bytes(reader.remaining, 'payload'),
  };
}

/** 14 bytes of header and the payload; the card adds padding and checksum. Throws TypeError for a MAC that is none. */
export function encodeEthernet({ destination, source, type, payload }: EthernetFrame): Uint8Array {
  return new Writer()
    .bytes(macToBytes(destination))
    .bytes(macToBytes(source))
    .u16(type)
    .bytes(payload)
    .finish();
}
