/** Sends the blocks of one transfer: at once where they are in memory, else when they have been read. */
import type { TftpAttention } from './attention.ts';
import type { TftpChannel } from './channel.ts';
import type { TftpContent } from './content.ts';

/** Counted from 1, both ends included. */
export type Blocks = { readonly from: number; readonly to: number };

type Sending = {
  readonly content: TftpContent;
  readonly channel: TftpChannel;
  readonly attention: TftpAttention;
  /** is told what kept a block from being read */
  readonly onError: (reason: unknown) => void;
};

/** Where content becomes packets on the wire, in the order of the blocks. */
export class BlockSender {
  readonly #content: TftpContent;
  readonly #channel: TftpChannel;
  readonly #onError: (reason: unknown) => void;
  readonly #attention: TftpAttention;
  /** Set while blocks are being read that are to be sent; a later wish replaces it. */
  #loading: Blocks | undefined;
  /** The block that may be asked for next, and its packet. */
  #ready: { readonly block: number; readonly packet: Uint8Array } | undefined;
  /** Has left before it was asked for. */
  #early = 0;
  #isClosed = false;

  constructor({ content, channel, attention, onError }: Sending) {
    this.#content = content;
    this.#channel = channel;
    this.#attention = attention;
    this.#onError = onError;
  }

  /** Keeps a block at hand. @returns whether it is in memory, and all before it have left */
  prepare(block: number): boolean {
    const packet = this.#loading ? undefined : this.#content.packet(block);
    this.#ready = packet && { block, packet };
    return packet !== undefined;
  }

  /** Sends what was prepared: `send()` is going to ask for it. */
  sendReady(): void {
    if (this.#ready === undefined) return;
    this.#channel.sendOne(this.#ready.packet);
    this.#early = this.#ready.block;
    this.#ready = undefined;
  }

  /** Sends these blocks, once those that are being read have left. */
  send(blocks: Blocks): void {
    const { from, to } = blocks;
    const hasLeft = from === to && from === this.#early;
    this.#early = 0;
    if (hasLeft) {
      this.#content.readAhead(to);
      return;
    }
    if (this.#loading) {
      this.#loading = blocks;
      return;
    }
    const packets: Uint8Array[] = [];
    for (let block = blocks.from; block <= blocks.to; block++) {
      const packet = this.#content.packet(block);
      if (!packet) break;
      packets.push(packet);
    }
    this.#channel.send(packets);
    const next = blocks.from + packets.length;
    if (next <= blocks.to) this.#loadThenSend({ from: next, to: blocks.to });
    else this.#content.readAhead(blocks.to);
  }

  /** What is being read is not sent any more. */
  close(): void {
    this.#isClosed = true;
  }

  #loadThenSend(blocks: Blocks): void {
    this.#loading = blocks;
    this.#attention.whileReading(this.#content.load(blocks.from, blocks.to)).then(
      () => {
        const wanted = this.#loading;
        this.#loading = undefined;
        if (!wanted || this.#isClosed) return;
        this.send(wanted);
        this.#attention.expect(performance.now());
      },
      (reason: unknown) => this.#onError(reason),
    );
  }
}
