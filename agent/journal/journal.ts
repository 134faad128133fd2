// The one place where what happened is recorded: stages of boots, log lines, and whoever follows them live.

import type { BootBook, BootChange } from '../boots/boot-book.ts';
import { messageOf } from '../errors.ts';
import type { ServerEvent } from '../events/event.ts';
import type { Clock } from '../host/clock.ts';
import { deleteLogsBefore, type StoredLog, writeLog } from '../store/sqlite/logs.ts';
import type { WriteQueue } from '../store/sqlite/write-queue.ts';
import { type LogLine, logLine } from './log-lines.ts';

const ISSUER = 'walt-server';
const DAY_US = 86_400_000_000;

type Options = {
  readonly clock: Clock;
  readonly writes: WriteQueue;
  readonly boots: BootBook;
  /** the name by which people know a MAC */
  readonly nameOf: (mac: string) => string | undefined;
  /** where the operator reads (the service's own output) */
  readonly print: (line: string) => void;
  readonly debug: boolean;
  /** id of the newest log line on disk */
  readonly lastLogId: number;
};

export class Journal {
  readonly #options: Options;
  readonly #followers = new Set<(log: StoredLog) => void>();
  readonly #watchers = new Set<(change: BootChange) => void>();
  #lastId: number;

  constructor(options: Options) {
    this.#options = options;
    this.#lastId = options.lastLogId;
  }

  append(events: readonly ServerEvent[]): void {
    for (const event of events) this.#take(event);
  }

  /** Calls back for each new log line, until the returned function is called. */
  follow(follower: (log: StoredLog) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Calls back for each step of a boot, until the returned function is called. */
  watchBoots(watcher: (change: BootChange) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Deletes log lines older than `days`. */
  async prune(days: number): Promise<void> {
    const { clock, writes } = this.#options;
    await writes.commit(deleteLogsBefore(clock() - days * DAY_US));
  }

  #take(event: ServerEvent): void {
    if (event.kind === 'signal') this.#signal(event);
    if (event.kind === 'ignored' && this.#options.debug) {
      this.#options.print(`${event.source}: ignored ${event.from}: ${event.reason}`);
    }
    const said = logLine(event);
    if (said !== undefined) this.#log(said);
  }

  #signal({ mac, signal }: ServerEvent & { kind: 'signal' }): void {
    const change = this.#options.boots.record(mac, signal, this.#options.clock());
    if (change === undefined) return;
    const name = this.#options.nameOf(mac) ?? mac;
    if (change.endedBefore !== undefined) {
      this.#log(nodes(`node ${name} is down (cause: ${change.endedBefore}, method: dhcp)`));
    }
    if (change.changed && signal.kind === 'booted') this.#log(nodes(`node ${name} is booted`));
    if (change.changed && signal.kind === 'down') {
      this.#log(nodes(`node ${name} is down (cause: ${signal.cause}, method: ${signal.method})`));
    }
    for (const watcher of this.#watchers) watcher(change);
  }

  #log({ stream, line }: LogLine): void {
    this.#lastId += 1;
    const log = { id: this.#lastId, at: this.#options.clock(), issuer: ISSUER, stream, line };
    this.#options.print(`${stream} -> ${line}`);
    this.#options.writes.commitLater(writeLog(log)).catch((reason: unknown) => {
      this.#options.print(`cannot write the log line above: ${messageOf(reason)}`);
    });
    for (const follower of this.#followers) follower(log);
  }
}

function nodes(line: string): LogLine {
  return { stream: 'platform.nodes', line };
}
