// Cuts the bytes of a log stream into lines, of which no more than so many bytes are ever held.

/** A line without its end. */
export type CutLine = {
  readonly bytes: Uint8Array;
  /** bytes of the line that were left out, because it was too long */
  readonly missing: number;
};

const NEWLINE = 0x0a;

/** Takes the bytes of one stream in pieces of any length. */
export class LineCutter {
  readonly #longest: number;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #missing = 0;

  /** @param longest bytes that are kept of a line, at least 4 */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that end in these bytes. To be read to its end before the next bytes come. */
  *cut(bytes: Uint8Array): Generator<CutLine> {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#hold(bytes.subarray(start, end));
      start = end + 1;
      yield this.#line();
    }
    // A copy: the memory of the bytes is not kept for the few that wait for the rest of their line.
    this.#hold(bytes.slice(start));
  }

  /** The stream is over. @returns the line that nothing ended, if there is one */
  end(): CutLine | undefined {
    return this.#held > 0 || this.#missing > 0 ? this.#line() : undefined;
  }

  #hold(piece: Uint8Array): void {
    const room = this.#longest - this.#held;
    const kept = piece.subarray(0, room);
    this.#missing += piece.length - kept.length;
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#held += kept.length;
  }

  #line(): CutLine {
    const whole = joined(this.#pieces, this.#held);
    const bytes = this.#missing > 0 ? withoutHalfCharacter(whole) : withoutReturn(whole);
    const missing = this.#missing > 0 ? this.#missing + whole.length - bytes.length : 0;
    this.#pieces = [];
    this.#held = 0;
    this.#missing = 0;
    return { bytes, missing };
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A line of a serial console ends in two characters. */
function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/** The first byte of a character says how many it has (RFC 3629 §3). */
function withoutHalfCharacter(line: Uint8Array): Uint8Array {
  for (let back = 1; back <= 4 && back <= line.length; back += 1) {
    const byte = line[line.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return back < lengthOfCharacter(byte) ? line.subarray(0, -back) : line;
  }
  return line;
}

function lengthOfCharacter(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
