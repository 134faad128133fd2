/** What names a client's message, read without all the rest of it: for those that are looked at only should a doubt arise. */
import { bytesToMac } from '../mac.ts';
import { magicCookie } from './decode.ts';
import { type DhcpMessageType, messageType } from './message-type.ts';

/** By hardware address, number of the exchange, and type. */
export type ClientMessage = {
  readonly chaddr: string;
  readonly xid: number;
  readonly options: { readonly messageType?: DhcpMessageType };
};

/** RFC 2131 §2, RFC 2132 §9.6; hardware addresses of Ethernet have 6 bytes. */
const XID = 4;
const CHADDR = 28;
const FIRST_OPTION = 240;
const HLEN = 6;
const TYPE = [53, 1] as const;

/**
 * Reads a message of a client as most send it: with an Ethernet address, and its type as its first option. It says the same of
 * it as `decodeDhcp`, which is for all others.
 * @returns undefined for those
 */
export function readClientMessage(bytes: Uint8Array): ClientMessage | undefined {
  if (bytes.length < FIRST_OPTION + 3 || bytes[0] !== 1 || bytes[2] !== HLEN) return undefined;
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (numbers.getUint32(FIRST_OPTION - 4) !== magicCookie) return undefined;
  if (bytes[FIRST_OPTION] !== TYPE[0] || bytes[FIRST_OPTION + 1] !== TYPE[1]) return undefined;
  const type = messageType.decode(bytes.subarray(FIRST_OPTION + 2, FIRST_OPTION + 3));
  if (type === undefined) return undefined;
  return {
    chaddr: bytesToMac(bytes.subarray(CHADDR, CHADDR + HLEN)),
    xid: numbers.getUint32(XID),
    options: { messageType: type },
  };
}
