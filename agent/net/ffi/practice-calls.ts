/**
 * The calls that take and send many datagrams, without a kernel: for code that is practised before it is needed. What is put into it is
 * received, and what is sent is handed over. Memory has addresses that exist here alone. Structures are those of `message-headers.ts`.
 */
import type { SystemCalls } from './system-calls.ts';

const [HEADER, IOV] = [64, 16];
const AF_INET = 2;
/** Each piece of memory has as many addresses. */
const APART = 2 ** 32;

/** Where an address is in memory. */
type Spot = { readonly memory: Buffer; readonly at: number };

/** Of one sender, by its port of address 0.0.0.0. */
export class PracticeCalls {
  readonly #port: number;
  readonly #onSent: (bytes: Uint8Array) => void;
  readonly #memories: Buffer[] = [];
  readonly #waiting: Uint8Array[] = [];

  constructor(port: number, onSent: (bytes: Uint8Array) => void) {
    this.#port = port;
    this.#onSent = onSent;
  }

  /** Is received next. */
  put(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
  }

  /** What would be received next, in place of that. */
  take(): Uint8Array | undefined {
    return this.#waiting.shift();
  }

  /** As `SystemCalls` have it. */
  addressOf: SystemCalls['addressOf'] = (memory) => {
    this.#memories.push(memory);
    return this.#memories.length * APART;
  };

  /** As `SystemCalls` have it. */
  receive: SystemCalls['receive'] = (_fd, headers, most) => {
    const taken = this.#waiting.splice(0, most);
    for (const [number, bytes] of taken.entries()) {
      const header = number * HEADER;
      const name = this.#spotAt({ memory: headers, at: header });
      name.memory.writeUInt16LE(AF_INET, name.at);
      name.memory.writeUInt16BE(this.#port, name.at + 2);
      name.memory.writeUInt32BE(0, name.at + 4);
      const body = this.#spotAt(this.#spotAt({ memory: headers, at: header + 16 }));
      body.memory.set(bytes, body.at);
      headers.writeUInt32LE(0, header + 48);
      headers.writeUInt32LE(bytes.length, header + 56);
    }
    return taken.length;
  };

  /** As `SystemCalls` have it. */
  send: SystemCalls['send'] = (_fd, headers, count) => {
    for (let number = 0; number < count; number += 1) {
      const header = number * HEADER;
      const first = this.#spotAt({ memory: headers, at: header + 16 });
      const pieces = Array.from({ length: headers.readUInt32LE(header + 24) }, (_, index) =>
        this.#pieceAt({ memory: first.memory, at: first.at + index * IOV }),
      );
      this.#onSent(Uint8Array.from(Buffer.concat(pieces)));
    }
    return count;
  };

  #pieceAt(piece: Spot): Uint8Array {
    const { memory, at } = this.#spotAt(piece);
    return memory.subarray(at, at + piece.memory.readUInt32LE(piece.at + 8));
  }

  /** What the address that stands there points to. */
  #spotAt({ memory, at }: Spot): Spot {
    const number = memory.readUInt32LE(at + 4);
    const target = this.#memories[number - 1];
    if (target === undefined) throw new RangeError(`Cannot find memory ${number}`);
    return { memory: target, at: memory.readUInt32LE(at) };
  }
}
