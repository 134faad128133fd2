/** UDP payloads from a capture file of tcpdump (classic pcap, Ethernet, IPv4), in their order. */
import { readFile } from 'node:fs/promises';

export type CapturedDatagram = {
  readonly fromPort: number;
  readonly toPort: number;
  readonly payload: Buffer;
};

const littleEndianMagic = 0xa1b2c3d4;
const ipv4 = 0x0800;
const udp = 17;

export async function readCapture(path: string): Promise<CapturedDatagram[]> {
  const file = await readFile(path);
  if (file.readUInt32LE(0) !== littleEndianMagic)
    throw new Error(`${path} is no capture of tcpdump`);
  const datagrams: CapturedDatagram[] = [];
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const datagram = readFrame(file.subarray(at + 16, at + 16 + length));
    if (datagram) datagrams.push(datagram);
    at += 16 + length;
  }
  return datagrams;
}

function readFrame(frame: Buffer): CapturedDatagram | undefined {
  const packet = frame.subarray(14);
  if (frame.readUInt16BE(12) !== ipv4 || packet[9] !== udp) return undefined;
  const datagram = packet.subarray(((packet[0] ?? 0) & 0x0f) * 4);
  return {
    fromPort: datagram.readUInt16BE(0),
    toPort: datagram.readUInt16BE(2),
    payload: datagram.subarray(8, datagram.readUInt16BE(4)),
  };
}
