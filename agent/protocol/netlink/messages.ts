/**
 * Messages of netlink(7), by which the kernel is asked about networks. Numbers are in the byte order of the machine, which here is
 * the low byte first:
 *
 *     0      4     6      8         12    16
 *     length type  flags  sequence  port  body, filled up to a multiple of 4
 *
 * A body ends in attributes, which may hold others: length and type of 2 bytes each, then the value, filled up in the same way.
 */
import { DecodeError, Reader, Writer } from '../bytes.ts';

/** One message; `sequence` and `port` say nothing to who asks one question at a time. */
export type NetlinkMessage = {
  readonly type: number;
  readonly flags: number;
  readonly body: Uint8Array;
};

/** A value by its number, which is of the message or attribute that holds it. */
export type Attribute = { readonly type: number; readonly value: Uint8Array };

/** linux/netlink.h */
export const NLM_F_REQUEST = 0x1;
/** NLM_F_ROOT and NLM_F_MATCH: all that there are. */
export const NLM_F_DUMP = 0x300;
/** What was listed changed meanwhile. */
const NLM_F_DUMP_INTR = 0x10;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;

const HEADER = 16;
const ATTRIBUTE_HEADER = 4;
/** Of the type; the two above say that the value is nested, or has its high byte first. */
const TYPE = 0x3fff;
const MASK = 3;

/** The bytes of one message. */
export function encodeMessage({ type, flags, body }: NetlinkMessage): Uint8Array {
  const writer = new Writer(HEADER + body.length);
  const length = HEADER + body.length;
  writer.u16(swapped(length & 0xffff)).u16(swapped(length >>> 16));
  writer.u16(swapped(type)).u16(swapped(flags));
  return writer.u32(0).u32(0).padded(body, filled(body.length)).finish();
}

/** The bytes of one attribute. */
export function encodeAttribute({ type, value }: Attribute): Uint8Array {
  const writer = new Writer(ATTRIBUTE_HEADER + value.length);
  writer.u16(swapped(ATTRIBUTE_HEADER + value.length)).u16(swapped(type));
  return writer.padded(value, filled(value.length)).finish();
}

/** @throws {DecodeError} where a message is cut off */
export function decodeMessages(bytes: Uint8Array): NetlinkMessage[] {
  const reader = new Reader(bytes);
  const messages: NetlinkMessage[] = [];
  while (reader.remaining > 0) {
    const length = swapped(reader.u16('length')) + 0x10000 * swapped(reader.u16('length'));
    const type = swapped(reader.u16('type'));
    const flags = swapped(reader.u16('flags'));
    reader.view(8, 'sequence and port');
    messages.push({ type, flags, body: valueIn(reader, { length, header: HEADER }) });
  }
  return messages;
}

/** Where a list is with one of its messages. `broken`: the kernel refuses, or the list changed so that some may be missing. */
export type ListState = 'more' | 'over' | 'broken';

/**
 * Whether a list goes on behind this message. The end has a number, 0 or that of an error with a minus: so the kernel says that it has
 * nothing to list by, as where the module `tcp_diag` is missing, and not that there is nothing.
 */
export function listStateBy({ type, flags, body }: NetlinkMessage): ListState {
  if (type === NLMSG_ERROR || (flags & NLM_F_DUMP_INTR) !== 0) return 'broken';
  if (type !== NLMSG_DONE) return 'more';
  return body.every((byte) => byte === 0) ? 'over' : 'broken';
}

/** @param bytes of attributes alone. @throws {DecodeError} where one is cut off */
export function decodeAttributes(bytes: Uint8Array): Attribute[] {
  const reader = new Reader(bytes);
  const attributes: Attribute[] = [];
  while (reader.remaining > 0) {
    const length = swapped(reader.u16('length of an attribute'));
    const type = swapped(reader.u16('type of an attribute')) & TYPE;
    attributes.push({ type, value: valueIn(reader, { length, header: ATTRIBUTE_HEADER }) });
  }
  return attributes;
}

function valueIn(
  reader: Reader,
  { length, header }: { readonly length: number; readonly header: number },
): Uint8Array {
  if (length < header) throw new DecodeError('length', reader.offset, `${length} is too little`);
  const value = reader.view(length - header, 'value');
  // What fills up the last one may be missing.
  reader.view(Math.min(filled(value.length) - value.length, reader.remaining), 'filling');
  return value;
}

function filled(length: number): number {
  return (length + MASK) & ~MASK;
}

function swapped(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}
