// Whether a machine is there at this moment: ARP asks for its address, and it answers.

/** A machine on the wire answers within milliseconds, a busy one a little later. */
const WAIT_MS = 400;

type Options = {
  /** sends the ARP question who has `ip`; false where nothing can be asked */
  readonly ask: (ip: string) => boolean;
  readonly waitMs?: number;
};

type Waiter = { readonly mac: string; readonly resolve: (isThere: boolean) => void };

/** Asks walt-net for known machines. */
export class Presence {
  readonly #options: Options;
  readonly #waiting = new Map<string, Waiter[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether the machine with `mac` answers for `ip`; false where it cannot be asked. */
  async answers(ip: string, mac: string): Promise<boolean> {
    const { ask, waitMs = WAIT_MS } = this.#options;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter: Waiter = { mac, resolve };
    this.#waiting.set(ip, [...(this.#waiting.get(ip) ?? []), waiter]);
    const timer = setTimeout(() => resolve(false), waitMs);
    if (!ask(ip)) resolve(false);
    return await promise.finally(() => {
      clearTimeout(timer);
      const others = (this.#waiting.get(ip) ?? []).filter((each) => each !== waiter);
      if (others.length > 0) this.#waiting.set(ip, others);
      else this.#waiting.delete(ip);
    });
  }

  /** ARP told that `mac` has `ip`. */
  heard(ip: string, mac: string): void {
    for (const waiter of this.#waiting.get(ip) ?? []) if (waiter.mac === mac) waiter.resolve(true);
  }
}
