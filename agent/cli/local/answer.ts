// An answer of HTTP/1.1 as it comes, piece by piece (RFC 9112): its status, then its body by its length, in chunks, or up to the end.

/** What the pieces were up to now: `head` until the body begins, `over` behind it. */
type Stage = 'head' | 'length' | 'chunk-head' | 'chunk' | 'chunk-end' | 'trailer' | 'rest' | 'over';

const NEWLINE = 10;
/** The server's own are shorter; whatever else answers there is not to fill our memory. */
const MOST_HEAD = 65_536;
const END_OF_LINE = 2;

/** One answer. Its functions throw where what comes is no HTTP. */
export class Answer {
  #stage: Stage = 'head';
  #waiting: Buffer = Buffer.alloc(0);
  #left = 0;
  #status = 0;
  readonly #headers = new Map<string, string>();

  /** Of the answer; 0 as long as the head is not whole. */
  get status(): number {
    return this.#stage === 'head' ? 0 : this.#status;
  }

  /** Whether nothing more is to come. */
  get isOver(): boolean {
    return this.#stage === 'over';
  }

  /** Takes what came. @returns the parts of the body in it */
  take(bytes: Buffer): Buffer[] {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    const parts: Buffer[] = [];
    while (!this.isOver && this.#step(parts)) {
      // Each step takes something of what waits.
    }
    return parts;
  }

  /** The connection has ended. @throws {Error} where something was still to come */
  end(): void {
    if (this.#stage === 'rest') this.#stage = 'over';
    if (!this.isOver) throw new Error('it closed the connection');
  }

  /** @returns whether there may be another one */
  #step(parts: Buffer[]): boolean {
    switch (this.#stage) {
      case 'head':
        return this.#takeHeadLine();
      case 'chunk-head':
        return this.#takeChunkHead();
      case 'trailer':
        return this.#takeTrailer();
      case 'chunk-end':
        return this.#skipLineEnd();
      default:
        return this.#takeBody(parts);
    }
  }

  #takeHeadLine(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    if (this.#status === 0) {
      const [, status] = /^HTTP\/1\.[01] (\d{3})( |$)/.exec(line) ?? [];
      if (status === undefined) throw new Error('what answers there speaks no HTTP');
      this.#status = Number(status);
    } else if (line === '') this.#beginBody();
    else {
      const colon = line.indexOf(':');
      this.#headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    return true;
  }

  #beginBody(): void {
    const length = this.#headers.get('content-length');
    if (this.#status < 200) {
      // Not the answer yet (RFC 9110 §15.2).
      this.#status = 0;
      this.#headers.clear();
    } else if (this.#status === 204 || this.#status === 304) this.#stage = 'over';
    else if (this.#headers.get('transfer-encoding') === 'chunked') this.#stage = 'chunk-head';
    else if (length === undefined) this.#stage = 'rest';
    else this.#expect(numberOf(length, 10), 'length');
  }

  #takeChunkHead(): boolean {
    const line = this.#line();
    if (line === undefined) return false;
    const [size = ''] = line.split(';');
    const length = numberOf(size.trim(), 16);
    if (length === 0) this.#stage = 'trailer';
    else this.#expect(length, 'chunk');
    return true;
  }

  #takeTrailer(): boolean {
    const line = this.#line();
    if (line === '') this.#stage = 'over';
    return line !== undefined;
  }

  #skipLineEnd(): boolean {
    if (this.#waiting.length < END_OF_LINE) return false;
    this.#cut(END_OF_LINE);
    this.#stage = 'chunk-head';
    return true;
  }

  #takeBody(parts: Buffer[]): boolean {
    const most = this.#stage === 'rest' ? this.#waiting.length : this.#left;
    const part = this.#waiting.subarray(0, most);
    if (part.length === 0) return false;
    parts.push(part);
    this.#cut(part.length);
    if (this.#stage === 'rest') return false;
    this.#left -= part.length;
    if (this.#left > 0) return false;
    this.#stage = this.#stage === 'chunk' ? 'chunk-end' : 'over';
    return true;
  }

  #expect(length: number, stage: 'length' | 'chunk'): void {
    this.#left = length;
    this.#stage = length === 0 ? 'over' : stage;
  }

  /** The next line without its end; undefined where it is not whole yet. */
  #line(): string | undefined {
    const end = this.#waiting.indexOf(NEWLINE);
    if (end < 0) {
      if (this.#waiting.length > MOST_HEAD) throw new Error('its answer has no end');
      return undefined;
    }
    const line = this.#waiting.toString('latin1', 0, end);
    this.#cut(end + 1);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  #cut(bytes: number): void {
    this.#waiting = this.#waiting.subarray(bytes);
  }
}

function numberOf(digits: string, radix: 10 | 16): number {
  const isOne = radix === 10 ? /^\d{1,15}$/ : /^[0-9a-f]{1,12}$/i;
  if (!isOne.test(digits)) throw new Error('the length of its answer is no number');
  return Number.parseInt(digits, radix);
}
