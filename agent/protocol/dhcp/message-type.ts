/** DHCP message types by name (RFC 2132 §9.6): option 53, which every DHCP packet carries. */
import type { OptionCodec } from './codecs.ts';

const names = [
  'discover',
  'offer',
  'request',
  'decline',
  'ack',
  'nak',
  'release',
  'inform',
] as const;

/** What a packet is for. Clients send discover, request, decline, release, inform; servers send offer, ack, nak. */
export type DhcpMessageType = (typeof names)[number];

export const messageType: OptionCodec<DhcpMessageType> = {
  decode: (bytes) => (bytes.length === 1 ? names[(bytes[0] ?? 0) - 1] : undefined),
  encode: (name) => Uint8Array.of(names.indexOf(name) + 1),
};
