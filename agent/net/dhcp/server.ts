/** The DHCP socket: hands every packet to the handler and sends what it answers. Nothing is decided here. */
import { DecodeError } from '../../protocol/bytes.ts';
import { decodeDhcp } from '../../protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../protocol/dhcp/encode.ts';
import type {
  DhcpHandler,
  DhcpSend,
  Endpoint,
  PlainDhcpHandler,
} from '../../protocol/dhcp/exchange.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { type DhcpReplies, EVERYBODY, REPLY_STRIDE } from '../../protocol/dhcp/replies.ts';
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import type { BroadcastFrames } from '../ffi/frames/broadcast-frames.ts';
import { LIMITS, type LimitName } from '../limits/table.ts';
import { openUdpPort, type UdpListen, type UdpPort } from '../udp/udp-port.ts';
import { dhcpEars } from './ears.ts';
import { clientOf, type DhcpArrival, DhcpLine, dhcpArrival } from './line.ts';

/** Where to listen: at an inherited socket (`bound-sockets.ts`), or an address and port. */
export type DhcpListen = UdpListen;

/** What the server tells of packets that were not answered. */
export type DhcpReport =
  /** Dropped unanswered; `count` packets so far. */
  | {
      readonly kind: 'dropped';
      readonly from: Endpoint;
      readonly reason: string;
      readonly count: number;
      /** that it met, and whose it is: a MAC */
      readonly limit?: { readonly name: LimitName; readonly client: string };
    }
  /** The handler or the sending of its answer failed; the client will ask again. */
  | { readonly kind: 'failed'; readonly client: string; readonly error: unknown };

/** Who goes first. */
export type DhcpOptions = {
  /** is it the MAC of a node? without it each one is taken for one */
  readonly isKnown?: (mac: string) => boolean;
  /** in place of what the table of limits says */
  readonly limits?: Limits;
  /** many datagrams with one call; without them each has its own */
  readonly batches?: DatagramBatches | undefined;
  /** answers what it can in front of the handler */
  readonly plain?: PlainDhcpHandler | undefined;
  /** by which its answers leave, as far as they can; the others leave as datagrams */
  readonly frames?: Pick<BroadcastFrames, 'send'> | undefined;
  /** the server's own, dotted: whoever asks from there is a program of this machine, which no frame reaches */
  readonly ownAddress?: string;
};

type Limits = { readonly clients: number; readonly delayed: number };

/** Packets of one client are handled one after the other; so many may wait, of so many clients. */
const waitingPerClient = LIMITS['dhcp-waiting'].each;
const defaultLimits: Limits = {
  clients: LIMITS['dhcp-clients'].inAll,
  delayed: LIMITS['dhcp-delayed'].inAll,
};
/** MACs are made up easily: those of no node leave a quarter to nodes. */
const strangersShare = 0.75;

/**
 * Starts a server.
 * @throws the error of `bind` if the port is taken or the address is not of this machine
 */
export async function startDhcpServer(
  listen: DhcpListen,
  handler: DhcpHandler,
  report: (report: DhcpReport) => void,
  options: DhcpOptions = {},
): Promise<DhcpServer> {
  const server = new DhcpServer(handler, { ...options, report });
  await server.start(listen);
  return server;
}

/** A DHCP socket, the packets that wait for their turn, and the answers that wait for their time. */
export class DhcpServer {
  readonly #handler: DhcpHandler;
  readonly #report: (report: DhcpReport) => void;
  readonly #isKnown: (mac: string) => boolean;
  readonly #limits: Limits;
  readonly #batches: DatagramBatches | undefined;
  readonly #plain: PlainDhcpHandler | undefined;
  readonly #frames: DhcpOptions['frames'];
  readonly #ownAddress: string | undefined;
  #socket: UdpPort | undefined;
  readonly #line = new DhcpLine((client, arrival) => this.#serve(client, arrival));
  readonly #delayed = new Set<NodeJS.Timeout>();
  #dropped = 0;
  #isClosed = false;

  constructor(
    handler: DhcpHandler,
    options: DhcpOptions & { readonly report: (report: DhcpReport) => void },
  ) {
    this.#handler = handler;
    this.#report = options.report;
    this.#isKnown = options.isKnown ?? (() => true);
    this.#limits = options.limits ?? defaultLimits;
    this.#batches = options.batches;
    this.#plain = options.plain;
    this.#frames = options.frames;
    this.#ownAddress = options.ownAddress;
    this.#plain?.open({
      send: (replies) => this.#sendReplies(replies),
      failed: (client, error) => this.#report({ kind: 'failed', client, error }),
      isWaiting: (client) => this.#line.waitingOf(client) > 0,
    });
  }

  /** @throws the error of `bind` if the port is taken or the address is not of this machine */
  async start(listen: DhcpListen): Promise<void> {
    const ears = dhcpEars({
      batches: this.#batches,
      plain: this.#plain,
      ownAddress: this.#ownAddress,
      isClosed: () => this.#isClosed,
      receive: (bytes, from) => this.#receive(bytes, from),
      onError: (error) => this.#report({ kind: 'failed', client: 'unknown', error }),
    });
    this.#socket = await openUdpPort(listen, ears);
    this.#socket.options.setBroadcast(true);
  }

  /** Where it listens: the port asked for, or the one that the kernel chose for 0; 0 before it does. */
  get port(): number {
    return this.#socket?.port ?? 0;
  }

  /** Packets that wait or are being answered. */
  get waiting(): number {
    return this.#line.packets;
  }

  /** Sends what a packet asked for, or none did: now, later and again, as it says. */
  send(send: DhcpSend): void {
    const bytes = encodeDhcp(send.packet, send.encoding);
    for (const ms of send.againMs ?? []) this.#sendLater(bytes, send, ms);
    if (send.delayMs) this.#sendLater(bytes, send, send.delayMs);
    else this.#sendNow(bytes, send);
  }

  /** Forgets the answers that wait. Resolves when nothing follows any more from plain messages. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const written = this.#plain?.close();
    this.#line.clear();
    for (const timer of this.#delayed) clearTimeout(timer);
    await this.#socket?.close();
    await written;
  }

  #sendReplies({ memory, bodies, lengths, count }: DhcpReplies): void {
    if (this.#isClosed) return;
    const from = this.#frames?.send({ memory, lengths, count, stride: REPLY_STRIDE }) ?? 0;
    if (from === count) return;
    const pieces = { memory: bodies, lengths, count, stride: REPLY_STRIDE, from };
    const onError = (error: Error) => this.#report({ kind: 'failed', client: 'unknown', error });
    this.#socket?.sendEach(pieces, EVERYBODY, onError);
  }

  #receive(bytes: Buffer, from: Endpoint): void {
    const client = from.port === 0 ? undefined : clientOf(bytes);
    if (client === undefined) {
      const packet = decodeOrReason(bytes, from);
      if (typeof packet === 'string') this.#drop(from, packet);
      return;
    }
    const arrival = dhcpArrival(bytes, from);
    if (this.#line.has(arrival)) return;
    const limit = this.#limitOf(client);
    if (limit === undefined) this.#line.add(client, arrival);
    else this.#dropAt(limit, { client, from });
  }

  /** @returns the limit that keeps a packet of this client from waiting for its turn */
  #limitOf(client: string): LimitName | undefined {
    const waiting = this.#line.waitingOf(client);
    if (waiting > 0) return waiting >= waitingPerClient ? 'dhcp-waiting' : undefined;
    const size = this.#line.clients;
    const { clients } = this.#limits;
    const isBusy = size >= clients * strangersShare;
    const isFull = size >= clients || (isBusy && !this.#isKnown(client));
    return isFull ? 'dhcp-clients' : undefined;
  }

  async #serve(client: string, { bytes, from }: DhcpArrival): Promise<void> {
    try {
      const packet = decodeOrReason(bytes, from);
      if (typeof packet === 'string') return this.#drop(from, packet);
      for (const send of await this.#handler(packet, from)) this.send(send);
    } catch (error) {
      this.#report({ kind: 'failed', client, error });
    }
  }

  #drop(from: Endpoint, reason: string): void {
    this.#dropped += 1;
    this.#report({ kind: 'dropped', from, reason, count: this.#dropped });
  }

  #dropAt(name: LimitName, { client, from }: { client: string; from: Endpoint }): void {
    this.#dropped += 1;
    const limit = { name, client };
    const reason = LIMITS[name].what;
    this.#report({
      kind: 'dropped',
      from,
      reason: `too many ${reason}`,
      count: this.#dropped,
      limit,
    });
  }

  #sendLater(bytes: Uint8Array, send: DhcpSend, ms: number): void {
    if (this.#isClosed) return;
    if (this.#delayed.size >= this.#limits.delayed) {
      this.#dropAt('dhcp-delayed', { client: send.packet.chaddr, from: send });
      return;
    }
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#sendNow(bytes, send);
    }, ms);
    this.#delayed.add(timer);
  }

  #sendNow(bytes: Uint8Array, { packet, address, port }: DhcpSend): void {
    if (this.#isClosed) return;
    const onError = (error: Error) =>
      this.#report({ kind: 'failed', client: packet.chaddr, error });
    this.#socket?.send(bytes, { address, port }, onError);
  }
}

/** A packet from port 0, which nobody has, would end in an answer that cannot be sent. */
function decodeOrReason(bytes: Uint8Array, { port }: Endpoint): DhcpPacket | string {
  if (port === 0) return 'there is no port to answer to';
  try {
    return decodeDhcp(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}
