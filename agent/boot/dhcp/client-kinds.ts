// Kinds of DHCP clients: what the same firmware or system says in each of its messages, and what follows from it. Decoded once for
// all machines that say it.
import { DecodeError } from '../../protocol/bytes.ts';
import { decodeDhcp } from '../../protocol/dhcp/decode.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import type { PlainMessage } from '../../protocol/dhcp/plain-message.ts';
import { type BootRequest, readBootRequest } from '../request.ts';
import { type Granted, grantedSeconds, type NetworkFacts } from './dhcp-reply.ts';
import { PreparedReply } from './prepared-reply.ts';

/** A kind of client to which nothing special is said. */
export type ClientKind = Pick<BootRequest, 'speaker' | 'isIpxe'> & {
  /** length of its leases */
  readonly seconds: number;
  /** undefined where each reply has to be made by itself */
  replyOf(type: 'offer' | 'ack', granted: Granted): PreparedReply | undefined;
};

/** Anybody can make up more. */
const MOST_KINDS = 256;
/** So many are learnt in this time, and the others are decoded as ever. */
const LEARNT = 64;
const LEARNT_MS = 1000;

/** The kinds that were seen. */
export class ClientKinds {
  readonly #network: NetworkFacts;
  /** milliseconds */
  readonly #now: () => number;
  readonly #kinds = new Map<string, ClientKind | undefined>();
  /** machines of one kind come together */
  #last: { readonly name: string; readonly kind: ClientKind | undefined } | undefined;
  #learnt = 0;
  #learntSince = Number.NEGATIVE_INFINITY;

  constructor(network: NetworkFacts, now: () => number) {
    this.#network = network;
    this.#now = now;
  }

  /** The kind of client that says this; undefined where its messages have to be looked at one by one. */
  of(message: PlainMessage): ClientKind | undefined {
    const { kind: name } = message;
    if (this.#last?.name === name) return this.#last.kind;
    const kind = this.#find(message);
    // What could not be learnt now can be a second later.
    if (this.#kinds.has(name)) this.#last = { name, kind };
    return kind;
  }

  #find(message: PlainMessage): ClientKind | undefined {
    const known = this.#kinds.get(message.kind);
    if (known !== undefined || this.#kinds.has(message.kind)) return known;
    if (!this.#mayLearn()) return undefined;
    if (this.#kinds.size >= MOST_KINDS) this.#kinds.clear();
    const packet = readWhole(message.bytes.subarray(message.start, message.end));
    const kind = packet && kindOf(packet, this.#network);
    this.#kinds.set(message.kind, kind);
    return kind;
  }

  #mayLearn(): boolean {
    const now = this.#now();
    if (now - this.#learntSince >= LEARNT_MS) {
      this.#learntSince = now;
      this.#learnt = 0;
    }
    this.#learnt += 1;
    return this.#learnt <= LEARNT;
  }
}

function readWhole(bytes: Uint8Array): DhcpPacket | undefined {
  try {
    // The memory is read into again.
    return decodeDhcp(Uint8Array.from(bytes));
  } catch (thrown) {
    if (thrown instanceof DecodeError) return undefined;
    throw thrown;
  }
}

/** @returns undefined where something that only one machine says makes a difference */
function kindOf(packet: DhcpPacket, network: NetworkFacts): ClientKind | undefined {
  const { speaker, isIpxe, model } = readBootRequest(packet);
  if (model !== undefined || speaker === 'raspberry-pi' || speaker === 'walt-loader')
    return undefined;
  const { clientFqdn, clientUuid, parameterRequestList } = packet.options;
  // A name in another form (RFC 4702), and an identifier by which alone a Raspberry Pi is known.
  if (clientFqdn !== undefined) return undefined;
  if (clientUuid !== undefined && parameterRequestList === undefined) return undefined;
  const replies: (PreparedReply | 'none')[] = [];
  return {
    speaker,
    ...(isIpxe === undefined ? {} : { isIpxe }),
    seconds: grantedSeconds(packet, network),
    replyOf: (type, granted) => {
      const sort = sortOf(type, granted);
      replies[sort] ??= PreparedReply.of(packet, { type, granted, network }) ?? 'none';
      const reply = replies[sort];
      return reply === 'none' ? undefined : reply;
    },
  };
}

/** A number for each sort of reply to a kind. */
function sortOf(type: 'offer' | 'ack', { hostName, router }: Granted): number {
  return (
    (type === 'ack' ? 4 : 0) + (hostName === undefined ? 2 : 0) + (router === undefined ? 1 : 0)
  );
}
