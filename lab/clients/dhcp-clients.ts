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
const BROADCAST_FLAG = 0x8000;
/** The client that only asks whether a server is there. */
const SCOUT = 0xffffff;

/** How all of the clients are. */
export type ClientsOptions = {
  /** Number of the first client, up to 0xfffffe; the following have those after it. A client's number is in its MAC. */
  readonly first?: number;
  /** More that all of them say. */
  readonly options?: Options;
  /** How often one asks, a second apart, before it gives up. */
  readonly mostTries?: number;
};

/** What a client got, and the milliseconds until each answer that it waited for. */
export type Lease = { readonly mac: string; readonly ip: string; readonly ms: readonly number[] };

/** As many clients as are asked for, from `open()` to the end of the process. */
export class DhcpClients {
  readonly #socket: Socket;
  readonly #more: Options;
  readonly #mostTries: number;
  readonly #awaited = new Map<number, Awaited>();
  readonly #leases = new Map<string, number>();
  #count: number;

  /** Binds the clients' port, 68, on all interfaces. */
  static async open(options: ClientsOptions = {}): Promise<DhcpClients> {
    const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
    const listening = once(socket, 'listening');
    socket.bind(68);
    await listening;
    socket.setBroadcast(true);
    return new DhcpClients(socket, options);
  }

  private constructor(socket: Socket, { first = 1, options = {}, mostTries = 10 }: ClientsOptions) {
    this.#socket = socket;
    this.#count = first - 1;
    this.#more = options;
    this.#mostTries = mostTries;
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
   * @throws {Error} where it got none in all its tries, or one that another client has
   */
  async leaseToNew(): Promise<Lease> {
    this.#count += 1;
    const client = this.#count;
    const ms: number[] = [];
    for (let tries = 0; tries < this.#mostTries; tries += 1) {
      const offered = await this.#ask(client, ['offer'], { messageType: 'discover' });
      const { serverIdentifier } = offered.packet.options;
      const answered = await this.#ask(client, ['ack', 'nak'], {
        messageType: 'request',
        requestedAddress: offered.packet.yiaddr,
        ...(serverIdentifier === undefined ? {} : { serverIdentifier }),
      });
      ms.push(offered.ms, answered.ms);
      if (answered.packet.options.messageType === 'nak') continue;
      this.#keep(client, answered.packet.yiaddr);
      return { mac: macOf(client), ip: answered.packet.yiaddr, ms };
    }
    throw new Error(`Client ${client} was refused ${this.#mostTries} times`);
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
      if (tries > this.#mostTries)
        return reject(new Error(`Client ${client} got no ${types.join(' or ')}`));
      return this.#send(client, options);
    }, AGAIN_MS);
    const packet = await promise.finally(() => clearInterval(timer));
    return { packet, ms: performance.now() - begun };
  }

  #send(client: number, options: Options): void {
    const packet = dhcpRequest(
      { parameterRequestList: [1, 3, 6, 15, 51, 54], ...this.#more, ...options },
      { xid: client, chaddr: macOf(client), flags: BROADCAST_FLAG },
    );
    this.#socket.send(encodeDhcp(packet), 67, '255.255.255.255');
  }
}

function macOf(client: number): string {
  const hex = (value: number) => (value & 0xff).toString(16).padStart(2, '0');
  return `52:54:00:${[16, 8, 0].map((shift) => hex(client >> shift)).join(':')}`;
}
