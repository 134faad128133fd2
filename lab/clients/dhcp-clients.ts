/** Clients of DHCP that share one socket and are told apart by their MACs, as behind one bridge. */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { numericAddress } from '../../agent/net/numeric-address.ts';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest } from './dhcp-packets.ts';

type Options = DhcpPacket['options'];
type Awaited = {
  readonly types: readonly (string | undefined)[];
  readonly answer: (packet: DhcpPacket) => void;
};

const AGAIN_MS = 1000;
const MOST_TRIES = 10;
const BROADCAST_FLAG = 0x8000;
/** The client that only asks whether a server is there. */
const SCOUT = 0xffffff;

export class DhcpClients {
  readonly #socket: Socket;
  readonly #awaited = new Map<number, Awaited>();
  readonly #leases = new Map<string, number>();
  #count = 0;

  static async open(): Promise<DhcpClients> {
    const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
    const listening = once(socket, 'listening');
    socket.bind(68);
    await listening;
    socket.setBroadcast(true);
    return new DhcpClients(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const packet = decodeDhcp(bytes);
      const awaited = this.#awaited.get(packet.xid);
      if (awaited?.types.includes(packet.options.messageType)) awaited.answer(packet);
    });
  }

  /** Whether a DISCOVER is offered anything within `ms`. */
  async isAnswered(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#awaited.set(SCOUT, { types: ['offer'], answer: () => resolve(true) });
    this.#send(SCOUT, { messageType: 'discover' });
    const timer = setTimeout(() => resolve(false), ms);
    return await promise.finally(() => clearTimeout(timer));
  }

  /**
   * A client that never was there gets an address; a NAK sends it back to its DISCOVER (RFC 2131 §3.1).
   * @returns milliseconds until each answer
   */
  async leaseToNew(): Promise<number[]> {
    this.#count += 1;
    const client = this.#count;
    const times: number[] = [];
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const offered = await this.#ask(client, ['offer'], { messageType: 'discover' });
      const { serverIdentifier } = offered.packet.options;
      const answered = await this.#ask(client, ['ack', 'nak'], {
        messageType: 'request',
        requestedAddress: offered.packet.yiaddr,
        ...(serverIdentifier === undefined ? {} : { serverIdentifier }),
      });
      times.push(offered.ms, answered.ms);
      if (answered.packet.options.messageType === 'nak') continue;
      this.#keep(client, answered.packet.yiaddr);
      return times;
    }
    throw new Error(`Client ${client} was refused ${MOST_TRIES} times`);
  }

  #keep(client: number, ip: string): void {
    const other = this.#leases.get(ip);
    if (other !== undefined) throw new Error(`${ip} was given to clients ${other} and ${client}`);
    this.#leases.set(ip, client);
  }

  /** Sends until the answer comes; the time counts from the first packet. */
  async #ask(client: number, types: Awaited['types'], options: Options) {
    const { promise, resolve, reject } = Promise.withResolvers<DhcpPacket>();
    this.#awaited.set(client, { types, answer: resolve });
    const begun = performance.now();
    let tries = 1;
    this.#send(client, options);
    const timer = setInterval(() => {
      tries += 1;
      if (tries > MOST_TRIES)
        return reject(new Error(`Client ${client} got no ${types.join(' or ')}`));
      return this.#send(client, options);
    }, AGAIN_MS);
    const packet = await promise.finally(() => clearInterval(timer));
    return { packet, ms: performance.now() - begun };
  }

  #send(client: number, options: Options): void {
    const mac = [16, 8, 0].map((shift) => hex(client >> shift)).join(':');
    const packet = dhcpRequest(
      { parameterRequestList: [1, 3, 6, 15, 51, 54], ...options },
      { xid: client, chaddr: `52:54:00:${mac}`, flags: BROADCAST_FLAG },
    );
    this.#socket.send(encodeDhcp(packet), 67, '255.255.255.255');
  }
}

function hex(value: number): string {
  return (value & 0xff).toString(16).padStart(2, '0');
}
