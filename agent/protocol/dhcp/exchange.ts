/** The types between `net/dhcp-server.ts` and its handler: the server hands each packet over, and sends what comes back. */
import type { DhcpEncoding } from './encode.ts';
import type { DhcpPacket } from './packet.ts';

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
