// The log of the platform: each line gets its number and time, goes to the disk, to the operator's screen and to
// whoever follows. The one who writes to it is the reaction `events/reactions/write-journal.ts`.
import { DiskError, messageOf } from '../errors.ts';
import { PRIORITY, type Print, type Priority } from '../host/priority.ts';
import { oneLine } from '../host/shown-text.ts';
import type { LogRecords, StoredLog } from '../store/store.ts';
import type { LogLine } from './log-lines.ts';

const MINUTE_US = 60_000_000;
const ISSUER = 'walt-server';

type Options = {
  readonly records: LogRecords;
  /** where the operator reads (the service's own output) */
  readonly print: Print;
};

/** The lines that the server itself says. */
export class Journal {
  readonly #options: Options;
  /** of a full disk is told once a minute: each line is on the screen already */
  #toldOfDisk = Number.NEGATIVE_INFINITY;
  readonly #followers = new Set<(log: StoredLog) => void>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** What others have put into a line stays in it. @param at microseconds since 1970 */
  write({ stream, line: said }: LogLine, at: number, priority: Priority = PRIORITY.info): void {
    const { records, print } = this.#options;
    const line = oneLine(said);
    print(`${stream} -> ${line}`, priority);
    const { log, written } = records.append({ at, issuer: ISSUER, stream, line });
    written.catch((reason: unknown) => {
      if (reason instanceof DiskError && Math.abs(at - this.#toldOfDisk) < MINUTE_US) return;
      if (reason instanceof DiskError) this.#toldOfDisk = at;
      print(`cannot write the log line '${line}': ${messageOf(reason)}`, PRIORITY.error);
    });
    for (const follower of this.#followers) follower(log);
  }

  /** Calls back for each new log line, until the returned function is called. */
  follow(follower: (log: StoredLog) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
