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
import { udpFrame } from '../network/udp-frame.ts';
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

  /**
   * Sends one UDP datagram, without checksum, which IPv4 allows. Throws where the MAC of `to` is not known: call `resolve`
   * before, except for the broadcast address.
   */
  send({ to, port, from, payload }: Sent): void {
    const isBroadcast = to === LIMITED_BROADCAST;
    const destination = isBroadcast ? broadcastMac : this.#neighbours.get(to);
    if (destination === undefined) throw new Error(`${this.mac}: MAC of ${to} is not known`);
    const source = { mac: this.mac, ip: this.ip, port: from };
    this.#wire.send(udpFrame(source, { mac: destination, ip: to, port }, payload));
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
