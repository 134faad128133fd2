// A DISCOVER of our own, which nobody takes up: other DHCP servers on walt-net show themselves by answering it.
import type { DhcpSend } from '../../protocol/dhcp/exchange.ts';

const BROADCAST_FLAG = 0x8000;
const NONE = '0.0.0.0';

/** @param mac made up, so that no server reserves for it what a machine needs */
export function serverSearch(mac: string, xid: number): DhcpSend {
  return {
    address: '255.255.255.255',
    port: 67,
    packet: {
      op: 1,
      htype: 1,
      hlen: 6,
      hops: 0,
      xid,
      secs: 0,
      flags: BROADCAST_FLAG,
      ciaddr: NONE,
      yiaddr: NONE,
      siaddr: NONE,
      giaddr: NONE,
      chaddr: mac,
      sname: '',
      file: '',
      options: { messageType: 'discover' },
    },
  };
}
