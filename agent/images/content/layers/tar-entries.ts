// Reads the headers of a tar stream, and nothing else of it: what a layer would do is known before it is done.
// Formats: POSIX ustar and pax (IEEE Std 1003.1-2017, pax, "ustar Interchange Format"), GNU long names and sparse files.
//
//   0 name 100 | 100 mode | 124 size 12 | 148 checksum 8 | 156 type 1 | 157 link 100 | 257 magic 6 | 329 major 8 |
//   337 minor 8 | 345 prefix 155 | 483 real size 12 (GNU sparse)

export type TarEntry = {
  readonly path: string;
  readonly type:
    | 'file'
    | 'hard-link'
    | 'link'
    | 'character'
    | 'block'
    | 'folder'
    | 'fifo'
    | 'other';
  /** bytes on disk, with holes */
  readonly size: number;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
};

/** The stream is no tar archive, or ends too early. */
export class TarError extends Error {
  override name = 'TarError' as const;
}

const BLOCK = 512;
/** Names and attributes of one entry; more is an attack. */
const MOST_EXTENDED = 1 << 20;

const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hard-link',
  '2': 'link',
  '3': 'character',
  '4': 'block',
  '5': 'folder',
  '6': 'fifo',
};

/** @throws {TarError} */
export async function* tarEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = new ByteSource(chunks);
  let extended: Map<string, string> = new Map();
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header === undefined) return;
    if (header.every((byte) => byte === 0)) {
      await bytes.drain();
      return;
    }
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const stored = Number(extended.get('size') ?? numberAt(header, 124, 12));
    if (!Number.isSafeInteger(stored) || stored < 0) throw new TarError('a size is no number');
    if ('xgLK'.includes(type)) {
      const content = await readExtended(bytes, stored);
      // A global header holds for all that follows; what layers put there (comments) is of no matter here.
      if (type !== 'g') extended = new Map([...extended, ...extensions(type, content)]);
      continue;
    }
    yield entryOf(header, { type, stored, extended });
    extended = new Map();
    const length = type === '1' || type === '2' || type === '5' ? 0 : stored;
    await bytes.skip(length);
    await bytes.skipAny(padded(length) - length);
  }
}

async function readExtended(bytes: ByteSource, size: number): Promise<Uint8Array> {
  if (size > MOST_EXTENDED) throw new TarError(`a name or attribute has ${size} bytes`);
  const content = await bytes.take(padded(size));
  if (content === undefined && size > 0) throw new TarError('it ends too early');
  return (content ?? new Uint8Array()).subarray(0, size);
}

function entryOf(
  header: Uint8Array,
  options: {
    readonly type: string;
    readonly stored: number;
    readonly extended: ReadonlyMap<string, string>;
  },
): TarEntry {
  const { type, stored, extended } = options;
  const prefix = textAt(header, 257, 6).startsWith('ustar ') ? '' : textAt(header, 345, 155);
  const short = textAt(header, 0, 100);
  const real = type === 'S' ? numberAt(header, 483, 12) : 0;
  const sparse = Number(
    extended.get('GNU.sparse.realsize') ?? extended.get('GNU.sparse.size') ?? 0,
  );
  return {
    path: extended.get('path') ?? (prefix === '' ? short : `${prefix}/${short}`),
    type: TYPES[type] ?? 'other',
    size: Math.max(stored, real, sparse),
    target: extended.get('linkpath') ?? textAt(header, 157, 100),
    major: numberAt(header, 329, 8),
    minor: numberAt(header, 337, 8),
  };
}

function extensions(type: string, content: Uint8Array): Map<string, string> {
  const text = Buffer.from(content).toString();
  if (type === 'L') return new Map([['path', untilNul(text)]]);
  if (type === 'K') return new Map([['linkpath', untilNul(text)]]);
  return paxRecords(content);
}

/** `<length> <key>=<value>\n`, the length that of the whole record. */
function paxRecords(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  const buffer = Buffer.from(content);
  let at = 0;
  while (at < buffer.length) {
    const space = buffer.indexOf(' ', at);
    const length = Number(buffer.toString('latin1', at, space));
    const isSound = space > at && Number.isInteger(length) && length > space - at + 1;
    if (!isSound || at + length > buffer.length) throw new TarError('a pax header is damaged');
    const record = buffer.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Sum of all bytes of the header, those of the sum itself counted as spaces. */
function checkSum(header: Uint8Array): void {
  let sum = 8 * 32;
  for (const [index, byte] of header.entries()) {
    if (index < 148 || index >= 156) sum += byte;
  }
  if (sum !== numberAt(header, 148, 8)) throw new TarError('a header is damaged');
}

/** Octal text, or binary with the first bit set (GNU, for large ones). */
function numberAt(header: Uint8Array, at: number, length: number): number {
  const first = header[at] ?? 0;
  if ((first & 0x80) === 0) {
    const text = textAt(header, at, length).trim();
    return text === '' ? 0 : Number.parseInt(text, 8);
  }
  let value = first & 0x7f;
  for (const byte of header.subarray(at + 1, at + length)) value = value * 256 + byte;
  return value;
}

function textAt(header: Uint8Array, at: number, length: number): string {
  return untilNul(Buffer.from(header.subarray(at, at + length)).toString());
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async take(length: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) {
        if (missing === length) return undefined;
        throw new TarError('it ends too early');
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    if ((await this.skipAny(length)) < length) throw new TarError('it ends too early');
  }

  /**
   * What is there of `length` bytes: archives may end without the last file's padding, as those of `umoci insert` do.
   * @returns how many there were
   */
  async skipAny(length: number): Promise<number> {
    let missing = length;
    while (missing > this.#rest.length) {
      missing -= this.#rest.length;
      if (!(await this.#more())) return length - missing;
    }
    this.#rest = this.#rest.subarray(missing);
    return length;
  }

  async drain(): Promise<void> {
    while (await this.#more());
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    this.#rest = next.done === true ? new Uint8Array() : next.value;
    return next.done !== true;
  }
}
