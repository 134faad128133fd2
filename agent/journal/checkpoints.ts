// Moments of the log that users gave names, each user their own.
import { RequestError } from '../errors.ts';
import type { Clock } from '../host/clock/clock.ts';
import type { Checkpoint, CheckpointRecords } from '../store/records/checkpoints.ts';

type Options = { readonly records: CheckpointRecords; readonly clock: Clock };

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{1,63}$/;
/** Words of `--history` itself. */
const WORDS = ['none', 'full'];
/** Of one user: each `walt log show` with a name may read them all. */
const MOST = 1000;

/** Adds, lists and removes them. */
export class Checkpoints {
  readonly #options: Options;
  /** those that say "now" of this run of the server, so that they move with its clock */
  readonly #ofThisRun = new Map<string, Checkpoint>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Those of a user, in the order of their times. */
  async of(user: string): Promise<Checkpoint[]> {
    return await this.#options.records.of(user);
  }

  /**
   * @param at microseconds since 1970; undefined for now
   * @throws {RequestError} for a name that is none or taken, and one too many
   */
  async add({ user, name, at }: Omit<Checkpoint, 'at'> & { at?: number }): Promise<Checkpoint> {
    const { records, clock } = this.#options;
    const checkpoint = { user, name, at: at ?? clock() };
    const reason = await this.#reasonAgainst(checkpoint);
    if (reason !== undefined)
      throw new RequestError(409, `Cannot add checkpoint '${name}': ${reason}.`);
    await records.save(checkpoint);
    if (at === undefined) this.#ofThisRun.set(keyOf(checkpoint), checkpoint);
    return checkpoint;
  }

  /** @returns what it was. @throws {RequestError} if the user has none of that name */
  async remove(user: string, name: string): Promise<Checkpoint> {
    const known = (await this.of(user)).find((one) => one.name === name);
    if (known === undefined) {
      const reason = `you have no checkpoint '${name}'. walt log list-checkpoints lists yours`;
      throw new RequestError(404, `Nothing was removed: ${reason}.`);
    }
    await this.#options.records.remove(known);
    this.#ofThisRun.delete(keyOf(known));
    return known;
  }

  /** The clock was set: what was now is later or earlier. @param by microseconds */
  async clockSet(by: number): Promise<void> {
    for (const [key, checkpoint] of this.#ofThisRun) {
      const moved = { ...checkpoint, at: checkpoint.at + by };
      this.#ofThisRun.set(key, moved);
      await this.#options.records.save(moved);
    }
  }

  async #reasonAgainst({ user, name }: Checkpoint): Promise<string | undefined> {
    if (!NAME.test(name) || WORDS.includes(name)) {
      return 'expected 2 to 64 letters, digits and dashes, no dash first, and not none or full';
    }
    const known = await this.of(user);
    if (known.some((one) => one.name === name)) {
      return `you have one of that name. Remove it first: walt log remove-checkpoint ${name}`;
    }
    return known.length < MOST ? undefined : `you have ${MOST} of them. Remove some first`;
  }
}

function keyOf({ user, name }: Checkpoint): string {
  return `${user} ${name}`;
}
