// What the kernel passes of walt-net to a packet socket: nothing else wakes anybody.
import type { FrameFilter } from '../ffi/frames/packet-descriptor.ts';

/**
 * Passes only: ARP; IPv6 router solicitations (ICMPv6 133); UDP from port 67 or to it or to 6666, the first fragment of it.
 * What `tcpdump -ddd` makes of "arp or (ip6[6] == 58 and ip6[40] == 133) or udp port 67 or udp dst port 6666", in less, without the
 * DISCOVERs of clients, whose first option says so (53, 1, 1: RFC 2132 §9.6): there are as many of them as of all else in a rack that powers up.
 */
export const frameFilter: FrameFilter = [
  [0x28, 0, 0, 12],
  [0x15, 19, 0, 0x0806],
  [0x15, 0, 4, 0x86dd],
  [0x30, 0, 0, 20],
  [0x15, 0, 17, 58],
  [0x30, 0, 0, 54],
  [0x15, 14, 15, 133],
  [0x15, 0, 14, 0x0800],
  [0x30, 0, 0, 23],
  [0x15, 0, 12, 17],
  [0x28, 0, 0, 20],
  [0x45, 10, 0, 0x1fff],
  [0xb1, 0, 0, 14],
  [0x48, 0, 0, 14],
  [0x15, 6, 0, 67],
  [0x48, 0, 0, 16],
  [0x15, 1, 0, 67],
  [0x15, 3, 4, 6666],
  [0x40, 0, 0, 262],
  [0x54, 0, 0, 0xffffff00],
  [0x15, 1, 0, 0x35010100],
  [0x06, 0, 0, 0x40000],
  [0x06, 0, 0, 0],
];
