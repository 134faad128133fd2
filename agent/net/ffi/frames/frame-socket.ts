/**
 * A packet socket that sends and hears nothing: the kernel looks for no route and gives none of it back to this machine. It writes the
 * Ethernet header itself: bridges and VLANs do with such frames as with all others, and tcpdump(8) on this machine sees them. Numbers by
 * Linux (packet(7), linux/if_packet.h, linux/if_ether.h).
 */
import { indexBy, macBy } from '../interface-facts.ts';
import { lasting } from '../message-headers.ts';
import type { SystemCalls } from '../system-calls.ts';
import { AF_PACKET, linkAddress } from './link-address.ts';

/** SOCK_DGRAM, for which the kernel writes the Ethernet header, with SOCK_CLOEXEC. */
const TYPE = 2 | 0o2000000;
/** It hears nothing. */
const NO_PROTOCOL = 0;
const ETH_P_IP = 0x0800;
const SOL_SOCKET = 1;
const SO_SNDBUFFORCE = 32;
/** What cards have not sent yet: a few hundred packets. */
const ROOM = 2 << 20;

/** One that is open, and the interface that it sends through, by its number. */
export type FrameSocket = { readonly fd: number; readonly index: number };

/** @returns undefined where this process may not have such a socket, or the interface is not one of Ethernet */
export function openFrameSocket(calls: SystemCalls, name: string): FrameSocket | undefined {
  const index = indexBy(calls, name);
  if (index === undefined || macBy(calls, name) === undefined) return undefined;
  const fd = calls.socket(AF_PACKET, TYPE, NO_PROTOCOL);
  if (fd < 0) return undefined;
  const room = lasting(4);
  room.writeInt32LE(ROOM);
  calls.setOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, room);
  return { fd, index };
}

/** Where packets of IPv4 go. @param mac of the card that they are for */
export function frameName(index: number, mac: Uint8Array): Buffer {
  return linkAddress(index, ETH_P_IP, mac);
}
