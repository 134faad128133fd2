// Whether a machine is there at this moment: ARP asks for its address, and it answers.

/** A machine on the wire answers within milliseconds, a busy one a little later. */
const WAIT_MS = 400;
/** Packets get lost: a machine is gone that does not answer so often. */
const MOST_ASKED = 3;
/** Who looks so much later than meant did not run meanwhile, and what came has not been read yet: that question says nothing. */
const LATE_MS = 100;
/** Such questions there are at most, beside the others. */
const MOST_LATE = 5;

type Options = {
  /** sends the ARP question who has `ip`; false where nothing can be asked */
  readonly ask: (ip: string) => boolean;
  readonly waitMs?: number;
  /** milliseconds of a steady clock */
  readonly now: () => number;
};

type Found = 'there' | 'silent' | 'late' | 'cannot-ask';
type Waiter = { readonly mac: string; readonly resolve: (found: Found) => void };

/** Asks walt-net for known machines. */
export class Presence {
  readonly #options: Options;
  readonly #waiting = new Map<string, Waiter[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether the machine with `mac` answers for `ip`; false where it cannot be asked. Asks again before it says no. */
  async answers(ip: string, mac: string): Promise<boolean> {
    let late = 0;
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      const found = await this.#askOnce(ip, mac);
      if (found === 'there' || found === 'cannot-ask') return found === 'there';
      if (found === 'late' && late < MOST_LATE) {
        late += 1;
        asked -= 1;
      }
    }
    return false;
  }

  async #askOnce(ip: string, mac: string): Promise<Found> {
    const { ask, now, waitMs = WAIT_MS } = this.#options;
    const { promise, resolve } = Promise.withResolvers<Found>();
    const waiter: Waiter = { mac, resolve };
    this.#waiting.set(ip, [...(this.#waiting.get(ip) ?? []), waiter]);
    const begun = now();
    const look = () => resolve(now() - begun > waitMs + LATE_MS ? 'late' : 'silent');
    const timer = setTimeout(look, waitMs);
    if (!ask(ip)) resolve('cannot-ask');
    return await promise.finally(() => {
      clearTimeout(timer);
      const others = (this.#waiting.get(ip) ?? []).filter((each) => each !== waiter);
      if (others.length > 0) this.#waiting.set(ip, others);
      else this.#waiting.delete(ip);
    });
  }

  /** ARP told that `mac` has `ip`. */
  heard(ip: string, mac: string): void {
    for (const waiter of this.#waiting.get(ip) ?? [])
      if (waiter.mac === mac) waiter.resolve('there');
  }
}
