// Packets of DHCP clients, written by hand: what matters to a test is named, the rest is as clients send it.
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';

/** A DISCOVER of a PC, with `fields` and `options` laid over it. */
export function dhcpRequest(
  options: DhcpPacket['options'] = {},
  fields: Partial<DhcpPacket> = {},
): DhcpPacket {
  return {
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x12345678,
    secs: 0,
    flags: 0,
    ciaddr: '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: '52:54:00:f2:67:82',
    sname: '',
    file: '',
    options: { messageType: 'discover', ...options },
    ...fields,
  };
}

/** User class (option 77) as iPXE sends it: bare text. */
export function rawUserClass(text: string): DhcpPacket['options'] {
  return { userClass: { form: 'raw', values: [text] } };
}
