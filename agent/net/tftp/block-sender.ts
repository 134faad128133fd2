/** Sends the blocks of one transfer: at once where they are in memory, else when they have been read. */
import type { TftpChannel } from './channel.ts';
import type { TftpContent } from './content.ts';

/** Counted from 1, both ends included. */
export type Blocks = { readonly from: number; readonly to: number };

/** Where content becomes packets on the wire, in the order of the blocks. */
export class BlockSender {
  readonly #content: TftpContent;
  readonly #channel: TftpChannel;
  readonly #onError: (reason: unknown) => void;
  /** Set while blocks are being read that are to be sent; a later wish replaces it. */
  #loading: Blocks | undefined;
  #isClosed = false;

  /** @param onError is told what kept a block from being read */
  constructor(content: TftpContent, channel: TftpChannel, onError: (reason: unknown) => void) {
    this.#content = content;
    this.#channel = channel;
    this.#onError = onError;
  }

  /** Sends these blocks, once those that are being read have left. */
  send(blocks: Blocks): void {
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
    this.#content.load(blocks.from, blocks.to).then(
      () => {
        const wanted = this.#loading;
        this.#loading = undefined;
        if (wanted && !this.#isClosed) this.send(wanted);
      },
      (reason: unknown) => this.#onError(reason),
    );
  }
}
