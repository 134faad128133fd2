/** DHCP of many boards on one socket: discover, offer, request, acknowledgement. */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { numericAddress } from '../../agent/net/numeric-address.ts';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest, rawUserClass } from '../clients/dhcp-packets.ts';

type Options = DhcpPacket['options'];

const BROADCAST_FLAG = 0x8000;
const AGAIN_MS = 700;
const MOST_TRIES = 20;

/** Asks for addresses in the names of boards. */
export class BoardLeases {
  readonly #socket: Socket;
  readonly #awaited = new Map<string, (packet: DhcpPacket) => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const packet = decodeDhcp(bytes);
      this.#awaited.get(`${packet.chaddr} ${packet.options.messageType}`)?.(packet);
    });
  }

  /** Binds the clients' port, 68, on all interfaces. */
  static async open(): Promise<BoardLeases> {
    const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
    const listening = once(socket, 'listening');
    socket.bind(68);
    await listening;
    socket.setBroadcast(true);
    return new BoardLeases(socket);
  }

  /** Says it, and takes no answer. */
  discover(mac: string): void {
    this.#send(mac, { messageType: 'discover' });
  }

  /**
   * @param lateMs for so long nothing is heard of what the server answers
   * @returns the address. @throws {Error} where there is none after 20 tries
   */
  async lease(mac: string, lateMs: number): Promise<string> {
    if (lateMs > 0) {
      this.discover(mac);
      await sleep(lateMs);
    }
    const offer = await this.#ask(mac, 'offer', { messageType: 'discover' });
    const { serverIdentifier } = offer.options;
    const server = serverIdentifier === undefined ? {} : { serverIdentifier };
    const request = { messageType: 'request', requestedAddress: offer.yiaddr, ...server } as const;
    return (await this.#ask(mac, 'ack', request)).yiaddr;
  }

  async #ask(mac: string, type: string, options: Options): Promise<DhcpPacket> {
    const key = `${mac} ${type}`;
    const { promise, resolve } = Promise.withResolvers<DhcpPacket>();
    this.#awaited.set(key, resolve);
    try {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        this.#send(mac, options);
        const packet = await Promise.race([promise, sleep(AGAIN_MS)]);
        if (packet !== undefined) return packet;
      }
    } finally {
      this.#awaited.delete(key);
    }
    throw new Error(`${mac} got no ${type}`);
  }

  #send(mac: string, options: Options): void {
    const all = { ...rawUserClass('walt.node.pc-x86-64'), ...options };
    const xid = Number.parseInt(mac.slice(-5).replace(':', ''), 16);
    const packet = dhcpRequest(all, { xid, chaddr: mac, flags: BROADCAST_FLAG });
    this.#socket.send(encodeDhcp(packet), 67, '255.255.255.255');
  }
}
