/** How many transfers run at once, in all and for one client; the others wait in line, none is dropped silently. */

/** Numbers of transfers. */
export type AdmissionLimits = {
  readonly running: number;
  readonly runningPerClient: number;
  readonly waiting: number;
  /** So that one client that asks without end leaves room for the others. */
  readonly waitingPerClient: number;
};

/** Who is asked and told. */
export type AdmissionOptions = {
  /** is it the address of a node? nodes go first, and strangers never take all */
  readonly isKnown?: (address: string) => boolean;
  /** the client has to wait for its turn */
  readonly onWait?: (address: string) => void;
};

type Client = { readonly address: string; readonly isKnown: boolean };
type Waiting = Client & { readonly start: () => void };
type Running = { readonly isKnown: boolean; count: number };

/** Of all places, those that strangers may have: requests can be sent in anybody's name. */
const STRANGERS_SHARE = 0.75;

/** Counts the transfers that run, and keeps the line of those that wait. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #options: AdmissionOptions;
  readonly #runningOf = new Map<string, Running>();
  readonly #waitingOf = new Map<string, number>();
  readonly #nodes: Waiting[] = [];
  readonly #strangers: Waiting[] = [];
  #running = 0;
  #runningStrangers = 0;

  constructor(limits: AdmissionLimits, options: AdmissionOptions = {}) {
    this.#limits = limits;
    this.#options = options;
  }

  /** How many have their turn now, and how many wait for it. */
  get counts(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#nodes.length + this.#strangers.length };
  }

  /** Resolves to true when it is this client's turn, at once to false where the line, or its share of it, is full. */
  async enter(address: string): Promise<boolean> {
    const client = this.#clientAt(address);
    if (this.#hasRoom(client)) {
      this.#begin(client);
      return true;
    }
    if (this.#isFull(client)) return false;
    this.#options.onWait?.(address);
    const turn = Promise.withResolvers<void>();
    const line = client.isKnown ? this.#nodes : this.#strangers;
    line.push({ ...client, start: turn.resolve });
    this.#waitingOf.set(address, (this.#waitingOf.get(address) ?? 0) + 1);
    await turn.promise;
    return true;
  }

  /** To be called once for each turn that ended. */
  leave(address: string): void {
    this.#end(address);
    const next = this.#takeFrom(this.#nodes) ?? this.#takeFrom(this.#strangers);
    if (next === undefined) return;
    const left = (this.#waitingOf.get(next.address) ?? 0) - 1;
    if (left > 0) this.#waitingOf.set(next.address, left);
    else this.#waitingOf.delete(next.address);
    this.#begin(next);
    next.start();
  }

  /** A stranger that becomes a node counts as a stranger until its transfers are over. */
  #clientAt(address: string): Client {
    const running = this.#runningOf.get(address);
    return { address, isKnown: running?.isKnown ?? this.#options.isKnown?.(address) ?? true };
  }

  #takeFrom(line: Waiting[]): Waiting | undefined {
    // Strangers that may not run now need not be looked through.
    if (line[0] === undefined || !this.#hasPlace(line[0])) return undefined;
    const at = line.findIndex((waiting) => this.#hasRoom(waiting));
    return at < 0 ? undefined : line.splice(at, 1)[0];
  }

  #isFull(client: Client): boolean {
    const { waiting, waitingPerClient } = this.#limits;
    const strangers = this.#strangers.length;
    if (this.#nodes.length + strangers >= waiting) return true;
    if (!client.isKnown && strangers >= shareOf(waiting)) return true;
    return (this.#waitingOf.get(client.address) ?? 0) >= waitingPerClient;
  }

  #hasRoom(client: Client): boolean {
    const running = this.#runningOf.get(client.address)?.count ?? 0;
    return this.#hasPlace(client) && running < this.#limits.runningPerClient;
  }

  #hasPlace({ isKnown }: Client): boolean {
    const { running } = this.#limits;
    return this.#running < running && (isKnown || this.#runningStrangers < shareOf(running));
  }

  #begin({ address, isKnown }: Client): void {
    const running = this.#runningOf.get(address) ?? { isKnown, count: 0 };
    running.count += 1;
    this.#runningOf.set(address, running);
    this.#running += 1;
    if (!running.isKnown) this.#runningStrangers += 1;
  }

  #end(address: string): void {
    const running = this.#runningOf.get(address);
    if (running === undefined) return;
    running.count -= 1;
    this.#running -= 1;
    if (!running.isKnown) this.#runningStrangers -= 1;
    if (running.count === 0) this.#runningOf.delete(address);
  }
}

function shareOf(places: number): number {
  return Math.ceil(places * STRANGERS_SHARE);
}
