/** TFTP packets (RFC 1350 §5, RFC 2347): how a machine's boot loader asks for its files. */
import { DecodeError, Reader, Writer } from '../bytes.ts';

/** Option values by lower-case name, in the order of the packet. */
export type TftpOptions = ReadonlyMap<string, string>;

/** One of the packets of RFC 1350 §5 or RFC 2347 §2. */
export type TftpPacket =
  | {
      readonly kind: 'read' | 'write';
      readonly filename: string;
      /** Lower case. */
      readonly mode: string;
      readonly options: TftpOptions;
    }
  | { readonly kind: 'data'; readonly block: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ack'; readonly block: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'options'; readonly options: TftpOptions };

/** RFC 1350 §5, RFC 2347 §2. */
export const opcodes = { read: 1, write: 2, data: 3, ack: 4, error: 5, options: 6 } as const;

/** Codes of error packets: RFC 1350, appendix, and RFC 2347 §4. */
export const tftpErrors = {
  notDefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTransferId: 5,
  fileAlreadyExists: 6,
  noSuchUser: 7,
  optionsRefused: 8,
} as const;

/** RFC 2347 §2: a request has at most 512 bytes; some clients exceed it, an Ethernet frame is enough. */
const longestRequest = 1472;

/**
 *     read, write    01|02  filename 0 mode 0 [option 0 value 0]…
 *     data           03     block (u16)  bytes …
 *     ack            04     block (u16)
 *     error          05     code (u16)   message 0
 *     options        06     [option 0 value 0]…
 *
 * The first two bytes are the opcode, big-endian.
 * @throws {DecodeError} for anything else
 */
export function decodeTftp(bytes: Uint8Array): TftpPacket {
  const reader = new Reader(bytes);
  const opcode = reader.u16('opcode');
  switch (opcode) {
    case opcodes.read:
      return { kind: 'read', ...readRequest(reader) };
    case opcodes.write:
      return { kind: 'write', ...readRequest(reader) };
    case opcodes.data:
      return {
        kind: 'data',
        block: reader.u16('block'),
        bytes: reader.bytes(reader.remaining, 'data'),
      };
    case opcodes.ack:
      return { kind: 'ack', block: reader.u16('block') };
    case opcodes.error:
      return { kind: 'error', code: reader.u16('error code'), message: readMessage(reader) };
    case opcodes.options:
      return { kind: 'options', options: readOptions(reader) };
    default:
      throw new DecodeError('opcode', 0, `${opcode} is no TFTP packet`);
  }
}

/**
 * The block of an acknowledgement, undefined for any other packet. What `decodeTftp` says of it, without an object
 * in between: there is one for each block of each file. The packet may be a part of `bytes`.
 */
export function decodeAck(
  bytes: Uint8Array,
  { start, end } = { start: 0, end: bytes.length },
): number | undefined {
  if (end - start < 4 || bytes[start] !== 0 || bytes[start + 1] !== opcodes.ack) return undefined;
  return (bytes[start + 2] ?? 0) * 256 + (bytes[start + 3] ?? 0);
}

function readRequest(reader: Reader) {
  if (reader.remaining > longestRequest) {
    throw new DecodeError('request', reader.offset, `${reader.remaining} bytes are too many`);
  }
  return {
    filename: reader.zeroEnded('filename'),
    mode: reader.zeroEnded('mode').toLowerCase(),
    options: readOptions(reader),
  };
}

/**
 * Names in any case; of an option given twice, the first counts (RFC 2347 §2 forbids the second). Some firmware ends its
 * request with a zero too many, or fills it up with zeros: an option without a name is none.
 */
function readOptions(reader: Reader): TftpOptions {
  const options = new Map<string, string>();
  while (reader.remaining > 0) {
    const name = reader.zeroEnded('option').toLowerCase();
    if (name === '') continue;
    const value = reader.zeroEnded(`value of option ${name}`);
    if (!options.has(name)) options.set(name, value);
  }
  return options;
}

/** Some firmware sends its error without the closing NUL, or without a text at all. */
function readMessage(reader: Reader): string {
  const text = Buffer.from(reader.bytes(reader.remaining, 'message')).toString('latin1');
  return text.split('\0', 1)[0] ?? '';
}

/** @throws {RangeError} where a number or text does not fit its field */
export function encodeTftp(packet: TftpPacket): Uint8Array {
  const writer = new Writer().u16(opcodes[packet.kind]);
  switch (packet.kind) {
    case 'read':
    case 'write':
      writer.zeroEnded(packet.filename).zeroEnded(packet.mode);
      return writeOptions(writer, packet.options).finish();
    case 'data':
      return writer.u16(packet.block).bytes(packet.bytes).finish();
    case 'ack':
      return writer.u16(packet.block).finish();
    case 'error':
      return writer.u16(packet.code).zeroEnded(packet.message).finish();
    case 'options':
      return writeOptions(writer, packet.options).finish();
  }
}

function writeOptions(writer: Writer, options: TftpOptions): Writer {
  for (const [name, value] of options) writer.zeroEnded(name).zeroEnded(value);
  return writer;
}
