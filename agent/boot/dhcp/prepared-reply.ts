// Replies to plain messages: one is made for each kind of client, as all others are, and from then on filled in with what is another
// for each machine.
import { encodeDhcp } from '../../protocol/dhcp/encode.ts';
import { end, readOptionField } from '../../protocol/dhcp/framing.ts';
import { dhcpOptions } from '../../protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { AT, type PlainMessage } from '../../protocol/dhcp/plain-message.ts';
import { REPLY_ROOM } from '../../protocol/dhcp/replies.ts';
import { ipToNumber } from '../../protocol/ip.ts';
import { type Granted, grantReply, type NetworkFacts } from './dhcp-reply.ts';

/** Options of which each client gets its own. */
const NAME = dhcpOptions.hostName.code;
const CLIENT = dhcpOptions.clientIdentifier.code;
const UUID = dhcpOptions.clientUuid.code;
const OVERLOAD = 52;

/** RFC 951 §3, as in `encodeDhcp`. */
const SHORTEST = 300;

/** Bytes that all get, option behind option, or an option of which each client gets its own. */
type Part = Buffer | typeof NAME | typeof CLIENT | typeof UUID;

/** What a reply is prepared for: OFFER or ACK, to a client with or without a name and a way to other networks. */
export type ReplySort = {
  readonly type: 'offer' | 'ack';
  readonly granted: Granted;
  readonly network: NetworkFacts;
};

/** Where a reply is written. */
export type ReplyPlace = { readonly memory: Buffer; readonly at: number };

/** The replies of one sort to clients of one kind. */
export class PreparedReply {
  readonly #head: Buffer;
  readonly #parts: readonly Part[];
  readonly #longest: number;

  private constructor(
    head: Buffer,
    { parts, longest }: { readonly parts: readonly Part[]; readonly longest: number },
  ) {
    this.#head = head;
    this.#parts = parts;
    this.#longest = longest;
  }

  /**
   * @param request any message of such a client
   * @returns undefined where each reply has to be made by itself
   */
  static of(request: DhcpPacket, { type, granted, network }: ReplySort): PreparedReply | undefined {
    const short = { ...granted, ...(granted.hostName === undefined ? {} : { hostName: 'x' }) };
    const { packet, encoding, delayMs } = grantReply(withShortOwn(request), type, short, network);
    if (delayMs !== undefined) return undefined;
    const made = Buffer.from(encodeDhcp(packet, encoding));
    const options = readOptionField(made.subarray(AT.options), 'option');
    if (options.some(({ code }) => code === OVERLOAD)) return undefined;
    const parts = options.map(({ code, bytes }): Part => {
      if (code === NAME || code === CLIENT || code === UUID) return code;
      return Buffer.from([code, bytes.length, ...bytes]);
    });
    const longest = Math.min(encoding?.maxLength ?? REPLY_ROOM, REPLY_ROOM);
    return new PreparedReply(made.subarray(0, AT.options), { parts: joined(parts), longest });
  }

  /**
   * Writes the reply to a message.
   * @param granted with a name where it was prepared with one
   * @returns its length; 0 where it has to be made by itself, since it is long
   */
  write(message: PlainMessage, { ip, hostName = '' }: Granted, { memory, at }: ReplyPlace): number {
    const length = Math.max(this.#lengthFor(message, hostName), SHORTEST);
    if (length > this.#longest) return 0;
    const { bytes, start } = message;
    memory.set(this.#head, at);
    copy(bytes, start + AT.xid, { memory, at: at + AT.xid, length: 4 });
    copy(bytes, start + AT.flags, { memory, at: at + AT.flags, length: 2 });
    copy(bytes, start + AT.chaddr, { memory, at: at + AT.chaddr, length: 6 });
    memory.writeUInt32BE(ipToNumber(ip), at + AT.yiaddr);
    let to = at + AT.options;
    for (const part of this.#parts) to = writePart(part, { message, hostName, memory, to });
    memory[to] = end;
    // Few bytes: `Buffer.fill` looks at its arguments for longer.
    for (let next = to + 1; next < at + length; next += 1) memory[next] = 0;
    return length;
  }

  #lengthFor({ clientIdentifier, clientUuid }: PlainMessage, hostName: string): number {
    let length = AT.options + 1;
    for (const part of this.#parts) {
      if (typeof part === 'object') length += part.length;
      else if (part === NAME) length += 2 + hostName.length;
      else length += 2 + (part === CLIENT ? clientIdentifier : clientUuid).length;
    }
    return length;
  }
}

/** One client's own options may be so long that no reply has room for them, which says nothing of its kind. `write()` counts the true ones. */
function withShortOwn(request: DhcpPacket): DhcpPacket {
  const { clientIdentifier, clientUuid } = request.options;
  const own = {
    ...(clientIdentifier === undefined ? {} : { clientIdentifier: clientIdentifier.slice(0, 1) }),
    ...(clientUuid === undefined ? {} : { clientUuid: clientUuid.slice(0, 1) }),
  };
  return { ...request, options: { ...request.options, ...own } };
}

/** Of few bytes: `Buffer.copy` makes an object for each piece. */
function copy(
  from: Buffer,
  start: number,
  { memory, at, length }: ReplyPlace & { readonly length: number },
): void {
  for (let next = 0; next < length; next += 1) memory[at + next] = from[start + next] ?? 0;
}

/** @returns where the next part begins */
function writePart(
  part: Part,
  {
    message,
    hostName,
    memory,
    to,
  }: {
    readonly message: PlainMessage;
    readonly hostName: string;
    readonly memory: Buffer;
    readonly to: number;
  },
): number {
  if (typeof part === 'object') {
    memory.set(part, to);
    return to + part.length;
  }
  memory[to] = part;
  if (part === NAME) {
    memory[to + 1] = hostName.length;
    return to + 2 + memory.write(hostName, to + 2, 'latin1');
  }
  const { at, length } = part === CLIENT ? message.clientIdentifier : message.clientUuid;
  memory[to + 1] = length;
  copy(message.bytes, at, { memory, at: to + 2, length });
  return to + 2 + length;
}

/** Bytes that stand behind each other are copied at once. */
function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof part === 'object' && typeof last === 'object') {
      all[all.length - 1] = Buffer.concat([last, part]);
    } else all.push(part);
  }
  return all;
}
