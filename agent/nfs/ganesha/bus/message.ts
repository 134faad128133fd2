// Messages of D-Bus, as much of them as calls of nfs-ganesha need: arguments are texts and 16-bit numbers.
//
//   'l' | type | flags | 1 | u32 length of body | u32 serial | u32 length of fields | fields … to a multiple of 8 | body
//
// Little-endian ('l'); each value stands at a multiple of its size (D-Bus Specification 0.38, "Marshaling", "Message Format").
import { Buffer } from 'node:buffer';

/** A text, or an unsigned number of 16 bits. */
export type BusArgument = string | number;

/** A method of an object, and what it is given. */
export type BusCall = {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly arguments: readonly BusArgument[];
};

/** What came: the answer to a call, or something else that nobody waits for. */
export type BusMessage = {
  readonly kind: 'answer' | 'error' | 'other';
  /** the call that it answers */
  readonly answers?: number;
  /** the first text in it; of an error, why */
  readonly text: string;
};

const CALL = 1;
const KINDS: Readonly<Record<number, BusMessage['kind']>> = { 2: 'answer', 3: 'error' };
const HEAD = 16;
/** Codes of fields in the head, and their types. */
const PATH = 1;
const INTERFACE = 2;
const MEMBER = 3;
const REPLY_SERIAL = 5;
const DESTINATION = 6;
const SIGNATURE = 8;

/** @param serial of the call, from 1, unlike that of any other on the connection */
export function encodeBusCall(serial: number, call: BusCall): Buffer {
  const body = encodeArguments(call.arguments);
  const signature = call.arguments.map((each) => (typeof each === 'string' ? 's' : 'q')).join('');
  const fields = Buffer.concat([
    field(PATH, 'o', call.path),
    field(DESTINATION, 's', call.destination),
    field(INTERFACE, 's', call.interface),
    field(MEMBER, 's', call.member),
    ...(signature === '' ? [] : [field(SIGNATURE, 'g', signature)]),
  ]);
  // Behind the last field its padding is not counted.
  const length = fields.length - paddingOfLast(call, signature);
  const head = Buffer.from([0x6c, CALL, 0, 1]);
  return Buffer.concat([head, numbers(body.length, serial, length), fields, body]);
}

/** `undefined` while the message is not complete, else what it is and how many bytes it took. */
export function decodeBusMessage(
  bytes: Buffer,
): { readonly message: BusMessage; readonly length: number } | undefined {
  if (bytes.length < HEAD) return undefined;
  const fieldsLength = bytes.readUInt32LE(12);
  const begin = HEAD + padded(fieldsLength, 8);
  const length = begin + bytes.readUInt32LE(4);
  if (bytes.length < length) return undefined;
  const kind = KINDS[bytes[1] ?? 0] ?? 'other';
  const { answers, signature } = readFields(bytes.subarray(0, HEAD + fieldsLength));
  const text = signature.startsWith('s') ? textAt(bytes.subarray(0, length), begin) : '';
  return { message: { kind, text, ...(answers === undefined ? {} : { answers }) }, length };
}

/** Every field begins at a multiple of 8, and the head before them is such a multiple. */
function readFields(bytes: Buffer): { readonly answers?: number; readonly signature: string } {
  let answers: number | undefined;
  let signature = '';
  for (let at = HEAD; at < bytes.length; ) {
    const code = bytes.readUInt8(at);
    const type = String.fromCharCode(bytes.readUInt8(at + 2));
    const value = at + 4;
    if (type === 'g') {
      const end = value + 1 + bytes.readUInt8(value);
      if (code === SIGNATURE) signature = bytes.toString('latin1', value + 1, end);
      at = padded(end + 1, 8);
    } else {
      const number = bytes.readUInt32LE(value);
      if (code === REPLY_SERIAL) answers = number;
      at = padded(type === 'u' ? value + 4 : value + 4 + number + 1, 8);
    }
  }
  return { signature, ...(answers === undefined ? {} : { answers }) };
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + 4, at + 4 + bytes.readUInt32LE(at));
}

function encodeArguments(all: readonly BusArgument[]): Buffer {
  let body = Buffer.alloc(0);
  for (const each of all) {
    const isText = typeof each === 'string';
    body = Buffer.concat([padTo(body, isText ? 4 : 2), isText ? textOf(each) : short(each)]);
  }
  return body;
}

/** Code, signature of the value, value. */
function field(code: number, type: 'o' | 's' | 'g', value: string): Buffer {
  const head = Buffer.from([code, 1, type.charCodeAt(0), 0]);
  return padTo(Buffer.concat([head, type === 'g' ? signatureOf(value) : textOf(value)]), 8);
}

function paddingOfLast({ member }: BusCall, signature: string): number {
  const length = signature === '' ? 4 + textOf(member).length : 4 + signatureOf(signature).length;
  return padded(length, 8) - length;
}

function textOf(text: string): Buffer {
  return Buffer.concat([numbers(Buffer.byteLength(text)), Buffer.from(`${text}\0`)]);
}

function signatureOf(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(`${text}\0`)]);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

function padTo(bytes: Buffer, size: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(padded(bytes.length, size) - bytes.length)]);
}

function padded(length: number, size: number): number {
  return Math.ceil(length / size) * size;
}
