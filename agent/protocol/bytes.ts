/**
 * Reads and writes packets byte by byte, numbers with their high byte first (big-endian). Only here an offset into a packet
 * moves, so no decoder can read beyond the end of one.
 */

/** A packet that ends too early or breaks its format. Thrown by decoders; a server drops the packet. */
export class DecodeError extends Error {
  override name = 'DecodeError' as const;
  readonly field: string;
  /** Bytes from the start of the packet, or of the field being read. */
  readonly offset: number;

  constructor(field: string, offset: number, problem: string) {
    super(`Cannot decode ${field} at offset ${offset}: ${problem}`);
    this.field = field;
    this.offset = offset;
  }
}

/** Reads forward through `bytes`. Every method throws {@link DecodeError} where too few bytes are left. */
export class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes have been read. */
  get offset(): number {
    return this.#offset;
  }

  /** How many bytes are still to be read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next byte, 0 to 255. In this and all methods `field` is the name that an error gives. */
  u8(field: string): number {
    return this.#bytes[this.#advance(1, field)] ?? 0;
  }

  /** The next 2 bytes as a number from 0 to 65,535, the high byte first. */
  u16(field: string): number {
    const at = this.#advance(2, field);
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }

  /** The next 4 bytes as a number from 0 to 4,294,967,295, the high byte first. */
  u32(field: string): number {
    const at = this.#advance(4, field);
    const bytes = this.#bytes;
    const low = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return (bytes[at] ?? 0) * 0x1000000 + low;
  }

  /** A copy of the next `length` bytes. */
  bytes(length: number, field: string): Uint8Array {
    const start = this.#advance(length, field);
    const copy = new Uint8Array(length);
    // For a few bytes, as in most options, a loop is faster than making a view to copy from.
    if (length > 16) copy.set(this.#bytes.subarray(start, start + length));
    else for (let at = 0; at < length; at += 1) copy[at] = this.#bytes[start + at] ?? 0;
    return copy;
  }

  /** The next `length` bytes without a copy. Use it only for bytes that nobody keeps: the memory is that of the packet. */
  view(length: number, field: string): Uint8Array {
    const start = this.#advance(length, field);
    return this.#bytes.subarray(start, start + length);
  }

  /** Latin-1 text up to the next NUL, which is read too and left out. */
  zeroEnded(field: string): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end < 0) throw new DecodeError(field, this.#offset, 'no NUL ends it');
    const text = bytesToText(this.#bytes.subarray(this.#offset, end));
    this.#offset = end + 1;
    return text;
  }

  #advance(length: number, field: string): number {
    if (length > this.remaining) {
      throw new DecodeError(field, this.#offset, `${length} bytes needed, ${this.remaining} left`);
    }
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}

/** Collects the bytes of a packet. A number that does not fit its field throws RangeError. */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected how many bytes will come, where that is known: it saves copies. More bytes are taken too. */
  constructor(expected = 64) {
    this.#bytes = new Uint8Array(expected);
  }

  /** How many bytes have been written. */
  get length(): number {
    return this.#length;
  }

  /** Appends one byte; `value` is 0 to 255. */
  u8(value: number): this {
    const at = this.#extend(1, value, 0xff);
    this.#bytes[at] = value;
    return this;
  }

  /** Appends 2 bytes, the high one first; `value` is 0 to 65,535. */
  u16(value: number): this {
    const at = this.#extend(2, value, 0xffff);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  /** Appends 4 bytes, the high one first; `value` is 0 to 4,294,967,295. */
  u32(value: number): this {
    const at = this.#extend(4, value, 0xffffffff);
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
    return this;
  }

  /** Appends a copy: whoever has `value` may change it afterwards. */
  bytes(value: Uint8Array): this {
    const at = this.#extend(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** `value` filled up with zeros to `length` bytes. */
  padded(value: Uint8Array, length: number): this {
    if (value.length > length) {
      throw new RangeError(`Cannot write ${value.length} bytes into a field of ${length}`);
    }
    const at = this.#extend(length);
    this.#bytes.set(value, at);
    return this;
  }

  /** Appends Latin-1 text and the NUL that ends it. Throws RangeError for text with a NUL, or a character beyond Latin-1. */
  zeroEnded(text: string): this {
    if (text.includes('\0')) throw new RangeError('Cannot write text that holds a NUL');
    return this.bytes(textToBytes(text)).u8(0);
  }

  /** All bytes that were written. Nothing may be written afterwards: it might change them. */
  finish(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }

  /** Makes room for `count` bytes, all 0, and checks `value`, which will stand there. @returns where they begin */
  #extend(count: number, value = 0, maximum = 0): number {
    if (!Number.isInteger(value) || value < 0 || value > maximum) {
      throw new RangeError(`Cannot write ${value}: expected an integer from 0 to ${maximum}`);
    }
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}

/** One character per byte, so that any bytes survive the way to text and back. */
export function bytesToText(bytes: Uint8Array): string {
  if (bytes.length <= 64) return bytes.reduce(addCharacter, '');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function addCharacter(text: string, byte: number): string {
  return text + String.fromCharCode(byte);
}

/** The opposite of {@link bytesToText}; throws RangeError for characters beyond Latin-1. */
export function textToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new RangeError(`Cannot write ${JSON.stringify(text)} as Latin-1`);
    bytes[at] = code;
  }
  return bytes;
}
