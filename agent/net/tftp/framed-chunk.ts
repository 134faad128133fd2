/** DATA packets (RFC 1350 §5) that lie in memory one behind the other, as `ffi/datagram-batches.ts` sends them. */

/** DATA packets, one after the other. */
export type FramedChunk = readonly Uint8Array[];

const HEADER = 4;
const OPCODE = 3;

/** A part of a file, as blocks. */
export class ChunkFrame {
  /** What is in it, without headers: to be filled before `packets()`. */
  readonly content: Uint8Array;
  readonly #memory: Uint8Array;
  readonly #first: number;
  readonly #blockSize: number;
  readonly #count: number;

  /**
   * @param first number of the first block, counted from 1
   * @param count of blocks; all are full but the last, which may be short, or empty where it ends the file
   * @param length bytes of the content
   */
  constructor(
    { first, blockSize }: { readonly first: number; readonly blockSize: number },
    { count, length }: { readonly count: number; readonly length: number },
  ) {
    const headers = count * HEADER;
    this.#first = first;
    this.#blockSize = blockSize;
    this.#count = count;
    this.#memory = Buffer.allocUnsafeSlow(headers + length);
    this.content = this.#memory.subarray(headers);
  }

  /**
   * Moves each block to its place behind its header, once. The content comes in one piece, since Node takes longer to read into 46 places
   * than this does. Blocks move towards the beginning, so that none lies where another one goes.
   */
  packets(): FramedChunk {
    const memory = this.#memory;
    const stride = this.#blockSize + HEADER;
    const headers = this.#count * HEADER;
    const packets: Uint8Array[] = [];
    for (let at = 0; at < this.#count; at += 1) {
      const begin = at * stride;
      const from = headers + at * this.#blockSize;
      const block = this.#first + at;
      memory.copyWithin(begin + HEADER, from, Math.min(from + this.#blockSize, memory.length));
      memory[begin] = 0;
      memory[begin + 1] = OPCODE;
      memory[begin + 2] = block >>> 8;
      memory[begin + 3] = block;
      packets.push(new Uint8Array(memory.buffer, begin, Math.min(stride, memory.length - begin)));
    }
    return packets;
  }
}
