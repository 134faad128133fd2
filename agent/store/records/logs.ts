// What the server keeps of the log: its lines, and how many each sender has. Times are microseconds since 1970, UTC.

/** A line of the log; `id` grows with each line and came from the store. */
export type StoredLog = {
  readonly id: number;
  readonly at: number;
  /** who says it: `walt-server`, or the name of a node */
  readonly issuer: string;
  readonly stream: string;
  readonly line: string;
};

/** Who said something, and in which stream. */
export type LogSource = Pick<StoredLog, 'issuer' | 'stream'>;

/** A device, and one of the senders of lines that it has: a name of its own making. */
export type SentSource = { readonly mac: string; readonly sender: string };

/** How many lines a sender has on disk. */
export type SentLines = SentSource & { readonly count: number };

/** Which lines of the log are wanted; all of them, where nothing is said. */
export type LogSelection = {
  /** microseconds since 1970, included */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** of streams that begin so */
  readonly stream?: string | undefined;
  /** of these issuers */
  readonly issuers?: readonly string[] | undefined;
  /** of streams with these names */
  readonly streams?: readonly string[] | undefined;
  /** of none of these streams */
  readonly exceptStreams?: readonly string[] | undefined;
  /** lines after this id only, so that a reader who follows misses and repeats nothing */
  readonly after?: number | undefined;
  /** lines before this id only */
  readonly before?: number | undefined;
};

/** Between which ids lines are wanted. */
export type IdBounds = { readonly after: number; readonly before: number };

/** A selection, and how many lines of it are wanted. */
export type LogQuery = LogSelection & {
  readonly limit: number;
  /** the last ones, where there are more than `limit`; otherwise the first ones */
  readonly last?: boolean;
};

/** Some streams. A pattern is the name of a stream, or how names begin, with `*` at its end. */
export type StreamPatterns = {
  /** by default all */
  readonly of?: string;
  /** none of these */
  readonly except: readonly string[];
};

/** What is on disk of the log. */
export type LogRecords = {
  /** Lines in the order of their ids, with those that were appended just now. */
  read(query: LogQuery): Promise<StoredLog[]>;
  /** All that have lines, in the order of issuers and streams. */
  sources(): Promise<LogSource[]>;
  /**
   * The lines of a time are all between these two ids, neither included: to be asked for once, before they are read page by page.
   * Undefined where there is none.
   */
  idsOf(time: Pick<LogSelection, 'from' | 'to'>): Promise<IdBounds | undefined>;
  /** Id of the newest line; 0 where there is none. */
  lastId(): number;
  /** Adds a line. The id can be used at once; `written` rejects if the disk refused the line. */
  append(line: Omit<StoredLog, 'id'>): {
    readonly log: StoredLog;
    readonly written: Promise<void>;
  };
  /** How many lines of this sender are on disk. Of each device the senders that were heard last are known. */
  countOf(source: SentSource): Promise<number>;
  /**
   * Adds lines: all of them are on disk when `written` resolves, none when it rejects. So is the count of their sender, where it is
   * given.
   */
  appendAll(
    lines: readonly Omit<StoredLog, 'id'>[],
    sent?: SentLines,
  ): {
    readonly logs: readonly StoredLog[];
    readonly written: Promise<void>;
  };
  /**
   * The clock was set by so many microseconds: the lines of this run of the server, up to now, have the new time.
   * Those of earlier runs stay.
   */
  shift(by: number): Promise<void>;
  /**
   * Deletes the lines from before `at`, but none behind a line that came later than that and before `now`: it was
   * written while the clock was wrong.
   * @param streams without it, of all streams
   */
  deleteBefore(at: number, now: number, streams?: StreamPatterns): Promise<void>;
  /**
   * Deletes the oldest lines of other issuers than `keeper` while the database has more bytes than `most`.
   * @returns how many lines
   */
  deleteOver(most: number, keeper: string): Promise<number>;
  /**
   * Deletes the oldest lines of some streams while these have more bytes than `most`, of all issuers together.
   * @returns how many lines
   */
  deleteOverOf(bounds: { readonly most: number } & Required<StreamPatterns>): Promise<number>;
  /** A device has another name: all lines that it said have it too, once this resolves. */
  rename(from: string, to: string): Promise<void>;
  /** Goes on with what an earlier run of the server did not finish of `rename`. */
  finishRenames(): Promise<void>;
  /** Leaves the rest of `rename` to the next run. */
  stopRenames(): Promise<void>;
};
