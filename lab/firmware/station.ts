/** One machine on a wire: a MAC, an address once it has one, ARP and UDP. As little as boot firmware has. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeArp, encodeArp } from '../../agent/protocol/ethernet/arp.ts';
import {
  broadcastMac,
  type EthernetFrame,
  encodeEthernet,
  etherTypes,
} from '../../agent/protocol/ethernet/frame.ts';
import { decodeUdp, type UdpDatagram } from '../../agent/protocol/ethernet/udp.ts';
import { ipToNumber } from '../../agent/protocol/ip.ts';
import type { Wire } from '../network/wire.ts';

const NONE = '0.0.0.0';
const LIMITED_BROADCAST = '255.255.255.255';

/** A datagram to send: to address and port, from a port of the station. */
export type Sent = {
  readonly to: string;
  readonly port: number;
  readonly from: number;
  readonly payload: Uint8Array;
};

/** A datagram for this station, with the time it came. */
export type Received = UdpDatagram & { readonly at: number };

/** It hears what is on the wire as soon as it exists; nothing ends it but the wire. */
export class Station {
  readonly mac: string;
  /** the address that it uses; firmware takes what it is offered */
  ip = NONE;
  readonly #wire: Wire;
  readonly #neighbours = new Map<string, string>();
  readonly #received: Received[] = [];
  #wake: () => void = () => undefined;

  constructor(wire: Wire, mac: string) {
    this.mac = mac;
    this.#wire = wire;
    wire.listen((frame) => this.#take(frame));
  }

  /** Learns who has `ip`, by ARP; asks three times. */
  async resolve(ip: string): Promise<void> {
    for (let tries = 0; tries < 30 && !this.#neighbours.has(ip); tries += 1) {
      if (tries % 10 === 0) this.#arp('request', '00:00:00:00:00:00', ip);
      await sleep(100);
    }
    if (!this.#neighbours.has(ip)) throw new Error(`${this.mac}: nobody answers for ${ip}`);
  }

  send({ to, port, from, payload }: Sent): void {
    const isBroadcast = to === LIMITED_BROADCAST;
    const destination = isBroadcast ? broadcastMac : this.#neighbours.get(to);
    if (destination === undefined) throw new Error(`${this.mac}: MAC of ${to} is not known`);
    const udp = Buffer.alloc(8);
    for (const [index, value] of [from, port, 8 + payload.length, 0].entries()) {
      udp.writeUInt16BE(value, index * 2);
    }
    const packet = Buffer.concat([ipHeader(this.ip, to, 8 + payload.length), udp, payload]);
    const frame = { destination, source: this.mac, type: etherTypes.ipv4, payload: packet };
    this.#wire.send(encodeEthernet(frame));
  }

  /** The next datagram for `port`, or undefined where none comes within `ms`. */
  async receive(port: number, ms: number): Promise<Received | undefined> {
    const end = performance.now() + ms;
    for (;;) {
      const index = this.#received.findIndex(({ destinationPort }) => destinationPort === port);
      if (index >= 0) return this.#received.splice(index, 1)[0];
      const left = end - performance.now();
      if (left <= 0) return undefined;
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      const timer = setTimeout(woken.resolve, left);
      await woken.promise;
      clearTimeout(timer);
    }
  }

  /** Power is cut: nothing is remembered. */
  reset(): void {
    this.ip = NONE;
    this.#neighbours.clear();
    this.#received.length = 0;
  }

  #take({ destination, type, payload }: EthernetFrame): void {
    if (destination !== this.mac && destination !== broadcastMac) return;
    if (type === etherTypes.arp) this.#takeArp(payload);
    // Only UDP is understood; ICMP and the like end here.
    if (type !== etherTypes.ipv4 || payload[9] !== 17) return;
    this.#received.push({ ...decodeUdp(payload), at: performance.now() });
    this.#wake();
  }

  #takeArp(payload: Uint8Array): void {
    const { operation, senderIp, senderMac, targetIp } = decodeArp(payload);
    if (senderIp !== NONE) this.#neighbours.set(senderIp, senderMac);
    if (operation === 'request' && targetIp === this.ip) this.#arp('reply', senderMac, senderIp);
  }

  #arp(operation: 'request' | 'reply', targetMac: string, targetIp: string): void {
    const payload = encodeArp({
      ...{ operation, senderMac: this.mac, senderIp: this.ip, targetMac, targetIp },
    });
    const destination = operation === 'reply' ? targetMac : broadcastMac;
    const frame = { destination, source: this.mac, type: etherTypes.arp, payload };
    this.#wire.send(encodeEthernet(frame));
  }
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
