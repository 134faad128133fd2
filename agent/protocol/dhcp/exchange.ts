/** What a DHCP server is given to answer with: the shape that handlers fill and `net/dhcp-server.ts` calls. */
import type { DhcpEncoding } from './encode.ts';
import type { DhcpPacket } from './packet.ts';

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
