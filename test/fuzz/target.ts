/** What can be fuzzed: the same small shape for each target, listed in `targets.ts`. */
export type FuzzRun = {
  readonly rounds: number;
  readonly seed: number;
  /** To be called now and then: a target that falls silent is taken for hung. */
  readonly alive: (done: number) => void;
};

/** What was seen, for the person who runs it. A target that finds a fault throws {@link FuzzFault}. */
export type FuzzTarget = (run: FuzzRun) => Promise<Readonly<Record<string, number>>>;

export class FuzzFault extends Error {
  override name = 'FuzzFault' as const;

  constructor(round: number, bytes: Uint8Array, cause: unknown) {
    const packet = Buffer.from(bytes).toString('hex');
    super(`round ${round}, packet ${packet}: ${cause}`, { cause });
  }
}
