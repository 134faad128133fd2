// How requests and WebSockets reach a server: the two ways are web.ts and node.ts.

/** One request. */
export type Request = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Its answer, as it comes. */
export type Answer = { readonly status: number; readonly bytes: AsyncIterable<Uint8Array> };

/** A WebSocket: text is JSON, bytes are those of a terminal. */
export type Channel = {
  readonly send: (frame: string | Uint8Array) => void;
  readonly close: () => void;
  /** until the other side closes; read once */
  readonly received: AsyncIterable<string | Uint8Array>;
};

/** A way to a server. */
export type Transport = {
  readonly ask: (request: Request) => Promise<Answer>;
  readonly open: (path: string, headers: Readonly<Record<string, string>>) => Promise<Channel>;
};

/** What was pushed, in order, until it is closed. */
export class Inbox<Item> implements AsyncIterable<Item> {
  readonly #waiting: Item[] = [];
  #wake = () => {};
  #isClosed = false;

  /** Adds an item. */
  push(item: Item): void {
    this.#waiting.push(item);
    this.#wake();
  }

  /** Nothing more comes. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#isClosed) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
