/** Clients of DHCP that share one socket and are told apart by their MACs, as behind one bridge. */
import { openDatagramBatches } from '../../agent/net/ffi/datagram-batches.ts';
import { openUdpPort, type UdpPort } from '../../agent/net/udp/udp-port.ts';
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';
import { type Answer, DhcpTemplates, macOf, readAnswer } from './dhcp-templates.ts';

type Awaited = {
  readonly kinds: readonly Answer['kind'][];
  readonly answer: (answer: Answer) => void;
};

const AGAIN_MS = 1000;
/** The client that only asks whether a server is there. */
const SCOUT = 0xffffff;
const EVERYBODY = { address: '255.255.255.255', port: 67 };
/** Ten thousand answers at once find room. */
const RECEIVE_BUFFER_BYTES = 16 << 20;

/** How all of the clients are. */
export type ClientsOptions = {
  /** Number of the first client, up to 0xfffffe; the following have those after it. A client's number is in its MAC. */
  readonly first?: number;
  /** More that all of them say. */
  readonly options?: DhcpPacket['options'];
  /** How often one asks, a second apart, before it gives up. */
  readonly mostTries?: number;
};

/** What a client got, and the milliseconds until each answer that it waited for. */
export type Lease = { readonly mac: string; readonly ip: string; readonly ms: readonly number[] };

/** As many clients as are asked for, from `open()` to the end of the process. */
export class DhcpClients {
  readonly #port: UdpPort;
  readonly #templates: DhcpTemplates;
  readonly #mostTries: number;
  readonly #awaited: Map<number, Awaited>;
  readonly #leases = new Map<string, number>();
  #count: number;

  /** Binds the clients' port, 68, on all interfaces. */
  static async open(options: ClientsOptions = {}): Promise<DhcpClients> {
    const awaited = new Map<number, Awaited>();
    const port = await openUdpPort(
      { address: '0.0.0.0', port: 68 },
      {
        batches: await openDatagramBatches(),
        receiveBufferBytes: RECEIVE_BUFFER_BYTES,
        onDatagram: (bytes) => {
          const answer = readAnswer(bytes);
          if (answer === undefined) return;
          const waiting = awaited.get(answer.client);
          if (waiting?.kinds.includes(answer.kind)) waiting.answer(answer);
        },
        onError: () => undefined,
      },
    );
    port.options.setBroadcast(true);
    return new DhcpClients({ port, awaited }, options);
  }

  private constructor(
    { port, awaited }: { readonly port: UdpPort; readonly awaited: Map<number, Awaited> },
    { first = 1, options = {}, mostTries = 10 }: ClientsOptions,
  ) {
    this.#port = port;
    this.#awaited = awaited;
    this.#count = first - 1;
    this.#templates = new DhcpTemplates({
      parameterRequestList: [1, 3, 6, 15, 51, 54],
      ...options,
    });
    this.#mostTries = mostTries;
  }

  /** Whether a DISCOVER is offered anything within `ms`. */
  async isAnswered(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#awaited.set(SCOUT, { kinds: ['offer'], answer: () => resolve(true) });
    this.#port.send(this.#templates.discover(SCOUT), EVERYBODY);
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
      const offered = await this.#ask(client, ['offer'], this.#templates.discover(client));
      const request = this.#templates.request(client, offered.answer);
      const answered = await this.#ask(client, ['ack', 'nak'], request);
      ms.push(offered.ms, answered.ms);
      if (answered.answer.kind === 'nak') continue;
      this.#keep(client, answered.answer.ip);
      return { mac: macOf(client), ip: answered.answer.ip, ms };
    }
    throw new Error(`Client ${client} was refused ${this.#mostTries} times`);
  }

  #keep(client: number, ip: string): void {
    const other = this.#leases.get(ip);
    if (other !== undefined) throw new Error(`${ip} was given to clients ${other} and ${client}`);
    this.#leases.set(ip, client);
  }

  /** Sends until the answer comes; the time counts from the first packet. */
  async #ask(client: number, kinds: Awaited['kinds'], packet: Buffer) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#awaited.set(client, { kinds, answer: resolve });
    const begun = performance.now();
    let tries = 1;
    this.#port.send(packet, EVERYBODY);
    const timer = setInterval(() => {
      tries += 1;
      if (tries > this.#mostTries)
        return reject(new Error(`Client ${client} got no ${kinds.join(' or ')}`));
      return this.#port.send(packet, EVERYBODY);
    }, AGAIN_MS);
    const answer = await promise.finally(() => clearInterval(timer));
    return { answer, ms: performance.now() - begun };
  }
}
