/** UDP over IPv4 in an Ethernet frame, for machines that exist in the lab only, and for whoever sends in the name of others. */
import { encodeEthernet, etherTypes } from '../../agent/protocol/ethernet/frame.ts';
import { ipToNumber } from '../../agent/protocol/ip.ts';

/** One side: MAC, address and port. */
export type UdpEnd = { readonly mac: string; readonly ip: string; readonly port: number };

/** The frame, without UDP's checksum, which IPv4 allows. */
export function udpFrame(from: UdpEnd, to: UdpEnd, payload: Uint8Array): Uint8Array {
  const udp = Buffer.alloc(8);
  for (const [index, value] of [from.port, to.port, 8 + payload.length, 0].entries()) {
    udp.writeUInt16BE(value, index * 2);
  }
  const packet = Buffer.concat([ipHeader(from.ip, to.ip, 8 + payload.length), udp, payload]);
  const frame = { destination: to.mac, source: from.mac, type: etherTypes.ipv4, payload: packet };
  return encodeEthernet(frame);
}

/** RFC 791 §3.1. */
function ipHeader(source: string, destination: string, length: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(0x4500, 0);
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt16BE(0x4011, 8);
  header.writeUInt32BE(ipToNumber(source), 12);
  header.writeUInt32BE(ipToNumber(destination), 16);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  header.writeUInt16BE(~sum & 0xffff, 10);
  return header;
}
