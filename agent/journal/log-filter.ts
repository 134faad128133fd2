// What regular expressions select of the log. They are tried elsewhere (`host/matching/`), a page of lines at a time.
import type { Matcher } from '../host/matching/matchers.ts';
import type { LogSource, StoredLog } from '../store/records/logs.ts';

/** Regular expressions, and who wrote them. */
export type Expressions = {
  /** what the text of a line has to match */
  readonly lineMatches?: string | undefined;
  /** what the name of its stream has to match */
  readonly streamMatches?: string | undefined;
  readonly by?: string | undefined;
};

/** Makes what tries an expression. */
export type MatcherOf = (pattern: string, by: string) => Matcher;

/** Names of streams that are remembered with what came of them. */
const MOST_STREAMS = 1000;

/** Selects lines of one reader. */
export class LogFilter {
  readonly #line: Matcher | undefined;
  readonly #stream: Matcher | undefined;
  readonly #known = new Map<string, boolean>();

  /** @throws {RequestError} in words, where one of them is no regular expression */
  constructor({ lineMatches, streamMatches, by = '' }: Expressions, matcherOf: MatcherOf) {
    this.#line = lineMatches === undefined ? undefined : matcherOf(lineMatches, by);
    this.#stream = streamMatches === undefined ? undefined : matcherOf(streamMatches, by);
  }

  /** Whether it selects by what lines say. */
  get isOfLines(): boolean {
    return this.#line !== undefined;
  }

  /** The lines of these streams are wanted: those of the sources that match. Undefined, where it selects no streams. */
  async streamsOf(
    sources: () => Promise<readonly LogSource[]>,
  ): Promise<readonly string[] | undefined> {
    if (this.#stream === undefined) return undefined;
    const names = [...new Set((await sources()).map(({ stream }) => stream))];
    const found = await this.#stream(names);
    return names.filter((_, index) => found[index]);
  }

  /** Of these lines those that are wanted, of streams as well. */
  async keep(logs: readonly StoredLog[]): Promise<StoredLog[]> {
    await this.#learn(logs);
    const ofStreams = logs.filter(({ stream }) => this.#known.get(stream) ?? true);
    return await this.keepLines(ofStreams);
  }

  /** The same, of lines whose streams are wanted. */
  async keepLines(logs: readonly StoredLog[]): Promise<StoredLog[]> {
    if (this.#line === undefined) return [...logs];
    const found = await this.#line(logs.map(({ line }) => line));
    return logs.filter((_, index) => found[index]);
  }

  async #learn(logs: readonly StoredLog[]): Promise<void> {
    if (this.#stream === undefined) return;
    if (this.#known.size > MOST_STREAMS) this.#known.clear();
    const all = new Set(logs.map(({ stream }) => stream));
    const names = [...all].filter((name) => !this.#known.has(name));
    const found = await this.#stream(names);
    for (const [index, name] of names.entries()) this.#known.set(name, found[index] ?? false);
  }
}
