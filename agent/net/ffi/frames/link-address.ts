// Where frames come from and go, as packet sockets are told (packet(7), `struct sockaddr_ll` of linux/if_packet.h).
import { lasting } from '../message-headers.ts';

export const AF_PACKET = 17;

/** Bytes of an address. */
export const LINK_ADDRESS = 20;
const MAC_LENGTH = 6;

/**
 * @param index of the interface
 * @param protocol of Ethernet (linux/if_ether.h)
 * @param mac of the card that frames are for, where the kernel writes their headers
 */
export function linkAddress(index: number, protocol: number, mac?: Uint8Array): Buffer {
  const address = lasting(LINK_ADDRESS);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(protocol, 2);
  address.writeInt32LE(index, 4);
  if (mac === undefined) return address;
  address[11] = MAC_LENGTH;
  address.set(mac, 12);
  return address;
}
