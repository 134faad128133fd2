// What several machines say at once, line by line, each with the name of who said it in front.
const LINE_END = 10;
/** A line that is longer is shown in pieces, so that one without end takes no memory. */
const LONGEST = 65_536;

type Write = (bytes: Uint8Array, options: { readonly isError: boolean }) => Promise<void>;

/** Waits for the end of each line, so that lines of different machines do not mix. */
export class NamedLines {
  readonly #write: Write;
  /** what waits for the end of its line, by machine and stream */
  readonly #rests = new Map<string, Buffer>();

  constructor(write: Write) {
    this.#write = write;
  }

  /** A piece of what a machine says. */
  async take(name: string, piece: Uint8Array, isError: boolean): Promise<void> {
    const key = keyOf(name, isError);
    const bytes = Buffer.concat([this.#rests.get(key) ?? Buffer.alloc(0), piece]);
    const end = bytes.length > LONGEST ? bytes.length : bytes.lastIndexOf(LINE_END) + 1;
    this.#rests.set(key, bytes.subarray(end));
    if (end > 0) await this.#show(name, bytes.subarray(0, end), isError);
  }

  /** The machine says no more: shows what has no end of line. */
  async end(name: string): Promise<void> {
    for (const isError of [false, true]) {
      const rest = this.#rests.get(keyOf(name, isError)) ?? Buffer.alloc(0);
      this.#rests.delete(keyOf(name, isError));
      if (rest.length > 0) await this.#show(name, rest, isError);
    }
  }

  async #show(name: string, bytes: Buffer, isError: boolean): Promise<void> {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(LINE_END, at);
      const to = end < 0 ? bytes.length : end;
      parts.push(Buffer.from(`${name}: `), bytes.subarray(at, to), Buffer.from('\n'));
      at = to + 1;
    }
    await this.#write(Buffer.concat(parts), { isError });
  }
}

function keyOf(name: string, isError: boolean): string {
  return `${isError ? 'e' : 'o'} ${name}`;
}
