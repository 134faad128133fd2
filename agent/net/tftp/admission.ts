/** How many transfers run at once, in all and for one client; the others wait in line, none is dropped silently. */

/** Numbers of transfers. */
export type AdmissionLimits = {
  readonly running: number;
  readonly runningPerClient: number;
  readonly waiting: number;
  /** So that one client that asks without end leaves room for the others. */
  readonly waitingPerClient: number;
};

/** A rack that powers up at once finds room; a machine that runs wild does not take it all. */
export const defaultLimits: AdmissionLimits = {
  running: 1000,
  runningPerClient: 32,
  waiting: 10_000,
  waitingPerClient: 100,
};

type Waiting = { readonly address: string; readonly start: () => void };

/** Counts the transfers that run, and keeps the line of those that wait. */
export class TftpAdmission {
  readonly #limits: AdmissionLimits;
  readonly #runningOf = new Map<string, number>();
  readonly #waitingOf = new Map<string, number>();
  #running = 0;
  #line: Waiting[] = [];

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** Resolves to true when it is this client's turn, at once to false where the line, or its share of it, is full. */
  async enter(address: string): Promise<boolean> {
    if (this.#hasRoom(address)) {
      this.#begin(address);
      return true;
    }
    if (this.#isFull(address)) return false;
    const turn = Promise.withResolvers<void>();
    this.#line.push({ address, start: turn.resolve });
    count(this.#waitingOf, address, 1);
    await turn.promise;
    return true;
  }

  /** To be called once for each turn that ended. */
  leave(address: string): void {
    this.#running -= 1;
    count(this.#runningOf, address, -1);
    const next = this.#line.find((waiting) => this.#hasRoom(waiting.address));
    if (!next) return;
    this.#line = this.#line.filter((waiting) => waiting !== next);
    count(this.#waitingOf, next.address, -1);
    this.#begin(next.address);
    next.start();
  }

  #isFull(address: string): boolean {
    const { waiting, waitingPerClient } = this.#limits;
    return this.#line.length >= waiting || (this.#waitingOf.get(address) ?? 0) >= waitingPerClient;
  }

  #hasRoom(address: string): boolean {
    const { running, runningPerClient } = this.#limits;
    return this.#running < running && (this.#runningOf.get(address) ?? 0) < runningPerClient;
  }

  #begin(address: string): void {
    this.#running += 1;
    count(this.#runningOf, address, 1);
  }
}

/** Who is at 0 is forgotten. */
function count(counts: Map<string, number>, address: string, by: 1 | -1): void {
  const after = (counts.get(address) ?? 0) + by;
  if (after > 0) counts.set(address, after);
  else counts.delete(address);
}
