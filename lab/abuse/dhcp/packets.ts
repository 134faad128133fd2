// Packets of DHCP as the storm sends them: in frames with any MAC, from nobody's address.

import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { broadcastMac } from '../../../agent/protocol/ethernet/frame.ts';
import { ipToNumber, numberToIp } from '../../../agent/protocol/ip.ts';
import { dhcpRequest } from '../../clients/dhcp-packets.ts';
import { udpFrame } from '../../network/udp-frame.ts';
import { type Ground, pick } from '../attack.ts';

/** A MAC that no machine has. */
export function madeUpMac(ground: Ground): string {
  const hex = () => pick(ground, 256).toString(16).padStart(2, '0');
  return `06:aa:${hex()}:${hex()}:${hex()}:${hex()}`;
}

/** An address that the server may give, or has given. */
export function poolAddress(ground: Ground): string {
  return numberToIp(ipToNumber(ground.server) + 1 + pick(ground, ground.poolSize));
}

/**
 * A client's packet, whose answer goes to that MAC alone: answers to everybody would bury the loaders of real machines, which
 * take a frame at a time, and that is no fault of the server. @param mac of the client that it names
 */
export function packetOf(ground: Ground, mac: string, options: DhcpPacket['options']): DhcpPacket {
  return dhcpRequest(options, { chaddr: mac, xid: pick(ground, 2 ** 32), flags: 0 });
}

/** Sends it to everybody. @param mac of the frame; the client's own unless given */
export function shout(ground: Ground, packet: DhcpPacket, mac = packet.chaddr): void {
  shoutBytes(ground, encodeDhcp(packet), mac);
}

/** The same for bytes that may be no packet. */
export function shoutBytes(ground: Ground, bytes: Uint8Array, mac: string): void {
  const from = { mac, ip: '0.0.0.0', port: 68 };
  const to = { mac: broadcastMac, ip: '255.255.255.255', port: 67 };
  ground.wire.send(udpFrame(from, to, bytes));
}
