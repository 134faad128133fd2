// A console or a shell: bytes both ways, and objects beside them.
import type { Channel } from './transport.ts';

/** What a client may say besides bytes. */
export type Said =
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  | { readonly type: 'take' }
  | { readonly type: 'end' };

/** An open one; `for await` gives what the server says: bytes of the terminal, and objects with a `type`. */
export class Session<Told> implements AsyncIterable<Uint8Array | Told> {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Types. */
  type(keys: string | Uint8Array): void {
    this.#channel.send(typeof keys === 'string' ? new TextEncoder().encode(keys) : keys);
  }

  /** Says how large the terminal is, that this one types from now on, or that nothing more is typed. */
  say(said: Said): void {
    this.#channel.send(JSON.stringify(said));
  }

  /** Ends it. */
  close(): void {
    this.#channel.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array | Told> {
    for await (const frame of this.#channel.received) {
      yield typeof frame === 'string' ? (JSON.parse(frame) as Told) : frame;
    }
  }
}
