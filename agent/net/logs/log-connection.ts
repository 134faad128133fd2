// One stream of log lines on TCP 12347, once its first line was read. It is read no faster than its lines reach the disk, and
// than its address may send: the sender waits, nothing is lost.
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLink, LogRefusal } from '../../handlers/nodes/on-log-stream.ts';
import { type CutLine, LineCutter } from '../../protocol/logs/line-cutter.ts';
import { lineText } from '../../protocol/logs/line-text.ts';
import {
  haveLine,
  LOG_END,
  readStreamHead,
  type StreamHead,
} from '../../protocol/logs/stream-head.ts';
import type { Admission } from '../limits/admission.ts';
import type { Pace } from '../limits/pace.ts';
import { LIMITS, type OnLimit } from '../limits/table.ts';

/** Who is asked and told. */
export type LogOptions = {
  readonly open: (address: string, head: StreamHead) => LogLink | LogRefusal;
  readonly pace: Pace;
  /** whose lines may be on their way to the disk */
  readonly turns: Pick<Admission, 'enter' | 'leave'>;
  readonly onLimit: OnLimit;
};

/** The stream is not one: why, for a person. */
type Ended = { readonly kind: 'ended'; readonly reason?: string };

const LONGEST = LIMITS['log-line'].each;
const LINES_A_SECOND = LIMITS['log-pace'].perAddress;
const BYTES_A_SECOND = LIMITS['log-bytes'].perAddress;
/** Lines that are on their way to the disk at once, of one stream. */
const MOST_LINES = 1024;
/** Bytes that a sender may leave unread. */
const MOST_UNREAD = 4096;

/**
 * Reads the stream to its end, and closes the connection when its lines are on disk: a sender that waits for that knows it.
 * @param onHead called when the stream has said what it is
 * @returns why it was not heard, for a person; undefined where it was
 * @throws what the disk or the connection failed with
 */
export async function readLogStream(
  socket: Socket,
  { onHead, ...options }: LogOptions & { readonly onHead: () => void },
): Promise<string | undefined> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  const { signal } = gone;
  const tell = (count: number) => {
    // Who does not read it is told again with the next lines.
    if (socket.writableLength < MOST_UNREAD && !socket.destroyed) socket.write(haveLine(count));
  };
  const stream = new LogStream(socket.remoteAddress ?? '', { ...options, onHead, tell, signal });
  try {
    for await (const bytes of socket) {
      const ended = await stream.read(bytes as Buffer);
      if (ended !== undefined) return ended.reason;
    }
    return (await stream.end())?.reason;
  } finally {
    // What the sender is told leaves first.
    socket.destroySoon();
  }
}

type StreamOptions = LogOptions & {
  readonly onHead: () => void;
  /** told how many lines are on disk, of a sender that counts them */
  readonly tell: (count: number) => void;
  /** the connection is over: nobody waits for its sender any more */
  readonly signal: AbortSignal;
};

class LogStream {
  readonly #address: string;
  readonly #options: StreamOptions;
  readonly #cutter = new LineCutter(LONGEST);
  #name: string | undefined;
  #link: LogLink | undefined;
  #isCounted = false;

  constructor(address: string, options: StreamOptions) {
    this.#address = address;
    this.#options = options;
  }

  async read(bytes: Buffer): Promise<Ended | undefined> {
    return await this.#takeAll(this.#cutter.cut(bytes));
  }

  async end(): Promise<Ended | undefined> {
    const last = this.#cutter.end();
    // A sender that counts sends the rest of its line, with the whole line, when it is back.
    return last === undefined || this.#isCounted ? undefined : await this.#takeAll([last]);
  }

  async #takeAll(lines: Iterable<CutLine>): Promise<Ended | undefined> {
    let texts: string[] = [];
    let size = 0;
    for (const line of lines) {
      const text = lineText(line);
      if (this.#link === undefined) {
        const refused = this.#readHead(text);
        if (refused !== undefined) return refused;
        continue;
      }
      if (text === LOG_END) {
        await this.#pass(texts, size);
        return { kind: 'ended' };
      }
      if (line.missing > 0) this.#options.onLimit('log-line', this.#address);
      texts.push(text);
      size += line.bytes.length + line.missing;
      if (texts.length < MOST_LINES) continue;
      await this.#pass(texts, size);
      [texts, size] = [[], 0];
    }
    await this.#pass(texts, size);
    return undefined;
  }

  #readHead(text: string): Ended | undefined {
    if (this.#name === undefined) {
      this.#name = text.trim();
      return undefined;
    }
    const head = readStreamHead(this.#name, text.trim());
    if (head === undefined) return { kind: 'ended', reason: `no mode ${JSON.stringify(text)}` };
    const link = this.#options.open(this.#address, head);
    if (link.kind !== 'taken') {
      const limit = link.kind === 'name' ? 'log-stream-name' : 'log-strangers';
      this.#options.onLimit(limit, this.#address);
      return { kind: 'ended', reason: `no stream ${JSON.stringify(head.stream)}` };
    }
    this.#link = link;
    this.#isCounted = head.counted !== undefined;
    this.#options.onHead();
    return undefined;
  }

  async #pass(texts: readonly string[], size: number): Promise<void> {
    if (texts.length === 0) return;
    await this.#takeInTurn(texts);
    const { pace, onLimit, signal } = this.#options;
    const seconds = { lines: texts.length / LINES_A_SECOND, bytes: size / BYTES_A_SECOND };
    const wait = pace.take(this.#address, Math.max(seconds.lines, seconds.bytes));
    if (wait === 0) return;
    onLimit(seconds.lines > seconds.bytes ? 'log-pace' : 'log-bytes', this.#address);
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }

  async #takeInTurn(texts: readonly string[]): Promise<void> {
    const { turns, tell } = this.#options;
    await turns.enter(this.#address);
    try {
      const count = await this.#link?.take(texts);
      if (count !== undefined) tell(count);
    } finally {
      turns.leave(this.#address);
    }
  }
}
