// Group commit: writes that arrive while one transaction runs share the next one, so that a rack that powers
// up at once costs a few disk flushes rather than one per device.
import { setImmediate as restOfTheTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './schema.ts';

export type Write = (transaction: Transaction<Tables>) => Promise<unknown>;

type Waiting = { write: Write; resolve: () => void; reject: (reason: unknown) => void };

/** What nobody waits for is on disk so long after it happened, or with the first write that somebody waits for. */
const LATER_MS = 100;

/** The only way to write to the database. */
export class WriteQueue {
  readonly #database: Kysely<Tables>;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Kysely<Tables>) {
    this.#database = database;
  }

  /** Resolves once the write is on disk; rejects, with nothing of it written, if it failed. */
  commit(write: Write): Promise<void> {
    const written = this.#add(write);
    this.#begin();
    return written;
  }

  /** As `commit`, for what may wait for the next write: it costs no flush of its own. */
  commitLater(write: Write): Promise<void> {
    const written = this.#add(write);
    this.#timer ??= setTimeout(() => this.#begin(), LATER_MS);
    return written;
  }

  /** Resolves when everything committed so far is on disk or has failed. */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#begin();
    await this.#running;
  }

  #add(write: Write): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
    });
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#drain();
  }

  /** SQLite answers without waiting: only behind the turn of the event loop have the other packets been read. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await restOfTheTurn();
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#run(batch);
    }
    this.#running = undefined;
  }

  /** One transaction for the batch; if a write of several fails, each is tried alone, so that only it fails. */
  async #run(batch: Waiting[]): Promise<void> {
    try {
      await this.#database.transaction().execute(async (transaction) => {
        for (const { write } of batch) await write(transaction);
      });
    } catch (reason) {
      if (batch.length === 1) {
        batch[0]?.reject(reason);
        return;
      }
      for (const one of batch) await this.#run([one]);
      return;
    }
    for (const { resolve } of batch) resolve();
  }
}
