// The log: each line gets its number and time, goes to the disk and to whoever follows. What the server itself says goes to the
// operator's screen too, and the one who says it is the reaction `events/reactions/write-journal.ts`. What devices say of
// experiments comes from `handlers/nodes/on-log-stream.ts`.
import { DiskError, messageOf } from '../errors.ts';
import { PRIORITY, type Print, type Priority } from '../host/processes/priority.ts';
import { oneLine } from '../host/text/shown-text.ts';
import type { LogRecords, SentLines, StoredLog } from '../store/records/logs.ts';
import type { LogLine } from './log-lines.ts';

const MINUTE_US = 60_000_000;
/** Who says what the server says. */
export const ISSUER = 'walt-server';

type Options = {
  readonly records: LogRecords;
  /** where the operator reads (the service's own output) */
  readonly print: Print;
};

/** The lines that the server itself says, and those of devices. */
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
    this.#tell([log]);
  }

  /**
   * Lines of devices. What moves a cursor is shown as what it is, but for tabs: they are between values.
   * @param sent how many lines their sender has on disk then, where it counts them
   * @returns when they are on disk
   * @throws {DiskError} if the disk takes none of them
   */
  async take(lines: readonly Omit<StoredLog, 'id'>[], sent?: SentLines): Promise<void> {
    const shown = lines.map((one) => ({ ...one, line: tabbedLine(one.line) }));
    const { logs, written } = this.#options.records.appendAll(shown, sent);
    this.#tell(logs);
    await written;
  }

  /** Calls back for each new log line, until the returned function is called. */
  follow(follower: (log: StoredLog) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #tell(logs: readonly StoredLog[]): void {
    for (const follower of this.#followers) for (const log of logs) follower(log);
  }
}

function tabbedLine(text: string): string {
  return text.split('\t').map(oneLine).join('\t');
}
