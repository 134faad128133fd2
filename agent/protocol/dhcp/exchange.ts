/** The types between `net/dhcp/server.ts` and its handler: the server hands each packet over, and sends what comes back. */
import type { DhcpEncoding } from './encode.ts';
import type { DhcpPacket } from './packet.ts';
import type { DhcpReplies } from './replies.ts';

/** One end of a datagram: a dotted IPv4 address and a UDP port. */
export type Endpoint = { readonly address: string; readonly port: number };

/** One datagram to send, `delayMs` after the handler returned it, and again at each of `againMs`. */
export type DhcpSend = Endpoint & {
  readonly packet: DhcpPacket;
  readonly encoding?: DhcpEncoding;
  readonly delayMs?: number;
  readonly againMs?: readonly number[];
};

/** Answers one packet; an empty list is silence. */
export type DhcpHandler = (packet: DhcpPacket, from: Endpoint) => Promise<readonly DhcpSend[]>;

/** What plain messages are answered through. */
export type PlainWay = {
  /** Sends to everybody at once; their memory can be written to again when it returns. */
  readonly send: (replies: DhcpReplies) => void;
  /** A client gets no answer; it will ask again. */
  readonly failed: (client: string, error: unknown) => void;
  /** whether packets of a client, by its MAC, wait for the handler of all others */
  readonly isWaiting: (client: string) => boolean;
};

/**
 * Answers plain messages where they lie in memory, many at a time (`plain-message.ts`). What it does not take is for the
 * handler of packets.
 */
export type PlainDhcpHandler = {
  /** Called once, before all else. */
  open(way: PlainWay): void;
  /** @returns false for a packet that it leaves to others */
  take(
    bytes: Buffer,
    place: { readonly start: number; readonly end: number },
    from: Endpoint,
  ): boolean;
  /** What came together has been taken: answers leave, now or when what they grant is on disk. Others may have run since the first of it. */
  end(): void;
  /** What is granted and waits is written, and nothing is answered any more. Resolves when what follows from all that was granted has been told. */
  close(): Promise<void>;
};
