/**
 * What many DHCP clients say and hear, for little computing: a packet is encoded once, and each client has its own number, MAC and
 * address put in their places (RFC 2131 §2). Of an answer only that is read which a client goes by.
 */
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';
import { ipToNumber, numberToIp } from '../../agent/protocol/ip.ts';
import { dhcpRequest } from './dhcp-packets.ts';

type Options = DhcpPacket['options'];

const BROADCAST_FLAG = 0x8000;
const XID = 4;
const YIADDR = 16;
const CHADDR = 28;
const FIRST_OPTION = 240;
/** RFC 2132 §9.1, §9.6, §9.7, §3.2. */
const REQUESTED = 50;
const TYPE = 53;
const SERVER = 54;
const END = 255;
const OFFER = 2;
const ACK = 5;
const NAK = 6;

/** What a server said to one of them. */
export type Answer = {
  readonly client: number;
  readonly kind: 'offer' | 'ack' | 'nak';
  readonly ip: string;
  readonly server: string;
};

/** Their two messages. A client's number is its xid, and the end of its MAC. */
export class DhcpTemplates {
  readonly #discover: Buffer;
  readonly #request: Buffer;

  /** @param options that all of them say */
  constructor(options: Options) {
    this.#discover = encoded({ ...options, messageType: 'discover' });
    const names = { requestedAddress: '0.0.0.0', serverIdentifier: '0.0.0.0' };
    this.#request = encoded({ ...options, ...names, messageType: 'request' });
  }

  /** The DISCOVER of a client. */
  discover(client: number): Buffer {
    return withClient(this.#discover, client);
  }

  /** Its REQUEST for what it was offered. */
  request(client: number, { ip, server }: Pick<Answer, 'ip' | 'server'>): Buffer {
    const packet = withClient(this.#request, client);
    packet.writeUInt32BE(ipToNumber(ip), placeOf(packet, REQUESTED));
    packet.writeUInt32BE(ipToNumber(server), placeOf(packet, SERVER));
    return packet;
  }
}

/** @returns undefined for what is no answer of a server */
export function readAnswer(bytes: Buffer): Answer | undefined {
  if (bytes.length <= FIRST_OPTION || bytes[0] !== 2) return undefined;
  const type = bytes[placeOf(bytes, TYPE)];
  const kind = type === OFFER ? 'offer' : type === ACK ? 'ack' : type === NAK ? 'nak' : undefined;
  const server = placeOf(bytes, SERVER);
  if (kind === undefined || server + 4 > bytes.length) return undefined;
  return {
    client: bytes.readUInt32BE(XID),
    kind,
    ip: numberToIp(bytes.readUInt32BE(YIADDR)),
    server: numberToIp(bytes.readUInt32BE(server)),
  };
}

/** `52:54:00` and the number of the client. */
export function macOf(client: number): string {
  const hex = client.toString(16).padStart(6, '0');
  return `52:54:00:${hex.match(/../g)?.join(':')}`;
}

function encoded(options: Options): Buffer {
  return Buffer.from(encodeDhcp(dhcpRequest(options, { flags: BROADCAST_FLAG })));
}

function withClient(template: Buffer, client: number): Buffer {
  const packet = Buffer.from(template);
  packet.writeUInt32BE(client, XID);
  packet.writeUIntBE(0x525400, CHADDR, 3);
  packet.writeUIntBE(client, CHADDR + 3, 3);
  return packet;
}

/** Where the value of an option begins; beyond the packet where it has none. */
function placeOf(packet: Buffer, code: number): number {
  for (let at = FIRST_OPTION; at + 1 < packet.length && packet[at] !== END; ) {
    if (packet[at] === code) return at + 2;
    at += packet[at] === 0 ? 1 : 2 + (packet[at + 1] ?? 0);
  }
  return packet.length;
}
