// Lines that have numbers: of a sender that was cut off and begins anew, each is taken once, also where the server was killed.

/** A device, and one of the senders of lines that it has: a name of its own making. */
export type SentSource = { readonly mac: string; readonly sender: string };

/** How many lines a sender has on disk. */
export type SentLines = SentSource & { readonly count: number };

type Parts = {
  /** how many lines of the sender are on disk */
  readonly countOf: (source: SentSource) => Promise<number>;
};

/** Lines of one connection, in the order in which they came. */
export type NumberedLines = SentSource & {
  readonly first: number;
  readonly lines: readonly string[];
  /** Resolves when these lines and their count are on disk, at once or not at all. */
  readonly write: (fresh: readonly string[], sent: SentLines) => Promise<void>;
};

/** Takes lines of senders: of each sender one piece after the other, whatever connections they come by. */
export class CountedLines {
  readonly #parts: Parts;
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @returns how many lines of the sender are on disk now. @throws what the disk failed with */
  async take(piece: NumberedLines): Promise<number> {
    const key = `${piece.mac} ${piece.sender}`;
    // A connection that broke may have left a piece behind that is on its way to the disk.
    const before = this.#last.get(key) ?? Promise.resolve();
    const taking = before.then(() => this.#takeNow(piece));
    const ended = taking.catch(() => undefined);
    this.#last.set(key, ended);
    try {
      return await taking;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }

  async #takeNow({ mac, sender, first, lines, write }: NumberedLines): Promise<number> {
    const have = await this.#parts.countOf({ mac, sender });
    const count = first + lines.length - 1;
    if (count <= have) return have;
    await write(lines.slice(Math.max(0, have + 1 - first)), { mac, sender, count });
    return count;
  }
}
