/**
 * DISCOVERs and REQUESTs as nearly all clients send them, read in the memory in which they came: thousands of machines that
 * power up at once ask the same, and differ in a few fields. Those few are read here; all the rest is the kind of the client, which
 * is decoded once.
 */
import { numberToIp } from '../ip.ts';
import { macAt } from '../mac.ts';
import { magicCookie, overloadCode } from './decode.ts';
import { end as END, pad as PAD } from './framing.ts';
import { dhcpOptions } from './options.ts';

/** RFC 2131 §2: where fields begin. */
export const AT = {
  xid: 4,
  flags: 10,
  ciaddr: 12,
  yiaddr: 16,
  giaddr: 24,
  chaddr: 28,
  sname: 44,
  file: 108,
  cookie: 236,
  options: 240,
} as const;

/** Options whose value is another one for each client, and how they are named here. */
const TYPE = dhcpOptions.messageType.code;
const REQUESTED = dhcpOptions.requestedAddress.code;
const SERVER = dhcpOptions.serverIdentifier.code;
const HOST_NAME = dhcpOptions.hostName.code;
const CLIENT = dhcpOptions.clientIdentifier.code;
const UUID = dhcpOptions.clientUuid.code;
const RELAY = dhcpOptions.relayAgent.code;

/** RFC 2132 §9.6. */
const TYPES = { 1: 'discover', 3: 'request' } as const;
const HLEN = 6;
/** No datagram of Ethernet is longer. */
const LONGEST = 1472;

/** A value as it stands in the packet; `length` 0 where it is missing. */
export type Piece = { at: number; length: number };

/** What was read last. One for all packets: each is read over the one before. */
export class PlainMessage {
  type: 'discover' | 'request' = 'discover';
  /** where the packet lies, and where in there it begins and ends */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** as `bytesToMac` writes it */
  mac = '';
  /** all that other clients of the same kind say too: their options, in their order, and which of the others there are */
  kind = '';
  readonly clientIdentifier: Piece = { at: 0, length: 0 };
  readonly clientUuid: Piece = { at: 0, length: 0 };
  readonly #hostName: Piece = { at: 0, length: 0 };
  #requested = 0;
  #server = 0;
  #common = Buffer.alloc(LONGEST);
  #commonLength = 0;
  /** what `kind` was made of */
  #kindBytes = Buffer.alloc(LONGEST);
  #kindLength = 0;

  /** Number of the exchange. */
  get xid(): number {
    return this.bytes.readUInt32BE(this.start + AT.xid);
  }

  /** Dotted; undefined where it names none. */
  get requestedAddress(): string | undefined {
    return this.#requested === 0 ? undefined : ipAt(this.bytes, this.#requested);
  }

  /** Dotted; undefined where it names none. */
  get serverIdentifier(): string | undefined {
    return this.#server === 0 ? undefined : ipAt(this.bytes, this.#server);
  }

  /** The name that the machine has for itself, as it came. */
  get hostName(): string | undefined {
    const { at, length } = this.#hostName;
    return length === 0 ? undefined : this.bytes.toString('latin1', at, at + length);
  }

  /**
   * Reads a packet that begins and ends there.
   * @returns false for one that has anything unusual, through a relay, of a client that has its address, or no DHCP at all:
   * `decodeDhcp` reads those
   */
  read(bytes: Buffer, { start, end }: { readonly start: number; readonly end: number }): boolean {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    const length = end - start;
    if (length <= AT.options || length > LONGEST || !isPlainHead(bytes, start)) return false;
    this.clientIdentifier.length = 0;
    this.clientUuid.length = 0;
    this.#hostName.length = 0;
    this.#requested = 0;
    this.#server = 0;
    this.#commonLength = 0;
    if (!this.#readOptions(start + AT.options, end)) return false;
    this.mac = macAt(bytes, start + AT.chaddr);
    if (!this.#isKindOfLast()) this.#makeKind();
    return true;
  }

  /** Machines of one kind come together: the text is made once for them. */
  #isKindOfLast(): boolean {
    if (this.#commonLength !== this.#kindLength) return false;
    for (let at = 0; at < this.#commonLength; at += 1) {
      if (this.#common[at] !== this.#kindBytes[at]) return false;
    }
    return true;
  }

  #makeKind(): void {
    this.kind = this.#common.toString('latin1', 0, this.#commonLength);
    this.#kindLength = this.#commonLength;
    [this.#common, this.#kindBytes] = [this.#kindBytes, this.#common];
  }

  #readOptions(first: number, end: number): boolean {
    const { bytes } = this;
    let type = 0;
    for (let at = first; at < end; ) {
      const code = bytes[at] ?? END;
      if (code === END) break;
      at += 1;
      if (code === PAD) continue;
      const length = bytes[at] ?? 0;
      const value = at + 1;
      at = value + length;
      // Nothing that is cut off, nothing twice, and nothing empty.
      if (value > end || at > end || length === 0) return false;
      if (code === TYPE) {
        if (type !== 0 || length !== 1) return false;
        type = bytes[value] ?? 0;
      } else if (!this.#readOption(code, value, length)) return false;
    }
    if (type !== 1 && type !== 3) return false;
    this.type = TYPES[type];
    return true;
  }

  #readOption(code: number, at: number, length: number): boolean {
    switch (code) {
      case REQUESTED:
        if (this.#requested !== 0 || length !== 4) return false;
        this.#requested = at;
        return true;
      case SERVER:
        if (this.#server !== 0 || length !== 4) return false;
        this.#server = at;
        return true;
      case HOST_NAME:
        // An end that is no part of the name (RFC 2132 §2) is for the decoder.
        return this.bytes[at + length - 1] !== 0 && setPiece(this.#hostName, at, length);
      case CLIENT:
        this.#mark(code);
        return setPiece(this.clientIdentifier, at, length);
      case UUID:
        this.#mark(code);
        return setPiece(this.clientUuid, at, length);
      case overloadCode:
      case RELAY:
        return false;
      default:
        this.#keep(at - 2, at + length);
        return true;
    }
  }

  /** An option is a few bytes: `Buffer.copy` would make an object for each. */
  #keep(from: number, end: number): void {
    const common = this.#common;
    let to = this.#commonLength;
    for (let at = from; at < end; at += 1, to += 1) common[to] = this.bytes[at] ?? 0;
    this.#commonLength = to;
  }

  /** No option is empty: this one says that there was one. */
  #mark(code: number): void {
    this.#common[this.#commonLength] = code;
    this.#common[this.#commonLength + 1] = 0;
    this.#commonLength += 2;
  }
}

/** A client on Ethernet without an address and without a relay, whose fields are no place for options. */
function isPlainHead(bytes: Buffer, start: number): boolean {
  return (
    bytes[start] === 1 &&
    bytes[start + 1] === 1 &&
    bytes[start + 2] === HLEN &&
    bytes.readUInt32BE(start + AT.cookie) === magicCookie &&
    bytes.readUInt32BE(start + AT.ciaddr) === 0 &&
    bytes.readUInt32BE(start + AT.giaddr) === 0 &&
    bytes[start + AT.sname] === 0 &&
    bytes[start + AT.file] === 0 &&
    isOneCard(bytes, start + AT.chaddr)
  );
}

/** The lowest bit of the first byte marks addresses of groups (IEEE 802). */
function isOneCard(bytes: Buffer, at: number): boolean {
  const isOne = ((bytes[at] ?? 1) & 1) === 0;
  return isOne && (bytes.readUInt32BE(at) !== 0 || bytes.readUInt16BE(at + 4) !== 0);
}

function setPiece(piece: Piece, at: number, length: number): boolean {
  if (piece.length !== 0) return false;
  piece.at = at;
  piece.length = length;
  return true;
}

function ipAt(bytes: Buffer, at: number): string {
  return numberToIp(bytes.readUInt32BE(at));
}
