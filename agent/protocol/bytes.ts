/** Bounded reading and writing of big-endian bytes: the only place where offsets into a packet move. */

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
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#advance(1, field));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#advance(2, field));
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#advance(4, field));
  }

  /** A copy of the next `length` bytes. */
  bytes(length: number, field: string): Uint8Array {
    const start = this.#advance(length, field);
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  /** Latin-1 text up to the next NUL, which is consumed. */
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

/** Collects bytes; `finish()` joins them. Numbers out of range throw RangeError. */
export class Writer {
  readonly #parts: number[] = [];

  get length(): number {
    return this.#parts.length;
  }

  u8(value: number): this {
    this.#check(value, 0xff);
    this.#parts.push(value);
    return this;
  }

  u16(value: number): this {
    this.#check(value, 0xffff);
    this.#parts.push(value >>> 8, value & 0xff);
    return this;
  }

  u32(value: number): this {
    this.#check(value, 0xffffffff);
    this.#parts.push(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
    return this;
  }

  bytes(value: Uint8Array): this {
    for (const byte of value) this.#parts.push(byte);
    return this;
  }

  /** `value` filled up with zeros to `length` bytes. */
  padded(value: Uint8Array, length: number): this {
    if (value.length > length) {
      throw new RangeError(`Cannot write ${value.length} bytes into a field of ${length}`);
    }
    this.bytes(value);
    for (let at = value.length; at < length; at++) this.#parts.push(0);
    return this;
  }

  zeroEnded(text: string): this {
    if (text.includes('\0')) throw new RangeError('Cannot write text that holds a NUL');
    return this.bytes(textToBytes(text)).u8(0);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }

  #check(value: number, maximum: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= maximum) return;
    throw new RangeError(`Cannot write ${value}: expected an integer from 0 to ${maximum}`);
  }
}

/** One character per byte, so that any bytes survive the way to text and back. */
export function bytesToText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The opposite of {@link bytesToText}; throws RangeError for characters beyond Latin-1. */
export function textToBytes(text: string): Uint8Array {
  for (const character of text) {
    if (character.length > 1 || character.charCodeAt(0) > 0xff) {
      throw new RangeError(`Cannot write ${JSON.stringify(text)} as Latin-1`);
    }
  }
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
