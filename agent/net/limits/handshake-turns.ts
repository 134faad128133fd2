// Whose handshake of TLS is next. A handshake takes the server a millisecond, in which it does nothing else: each turn of the event
// loop has one of them, addresses take turns, and an address that comes too fast waits while others go on.
import { Pace } from './pace.ts';

/** How fast one address may begin handshakes. */
export type HandshakePace = {
  readonly perSecond: number;
  /** so many at once, before that counts */
  readonly atOnce: number;
};

type Options = HandshakePace & {
  /** @param address has to wait though nobody else goes first */
  readonly onWait: (address: string) => void;
  /** milliseconds of a steady clock */
  readonly now?: () => number;
};

type Begin = () => void;

/** Those that wait for their handshake, by address. */
export class HandshakeTurns {
  readonly #options: Options;
  readonly #pace: Pace;
  /** of each address, oldest first; also of those that have to rest, who may have nobody waiting */
  readonly #lines = new Map<string, Set<Begin>>();
  /** in the order in which it is their turn */
  readonly #ready = new Set<string>();
  readonly #resting = new Map<string, NodeJS.Timeout>();
  #isGoing = false;

  constructor(options: Options) {
    this.#options = options;
    const { perSecond, atOnce, now = () => performance.now() } = options;
    this.#pace = new Pace((atOnce - 1) / perSecond, now);
  }

  /** Calls `begin` when it is its turn. @returns takes it out of the line */
  enter(address: string, begin: Begin): () => void {
    const line = this.#lines.get(address) ?? new Set<Begin>();
    line.add(begin);
    this.#lines.set(address, line);
    if (this.#resting.has(address)) this.#options.onWait(address);
    else this.#ready.add(address);
    this.#go();
    return () => {
      line.delete(begin);
    };
  }

  #go(): void {
    if (this.#isGoing || this.#ready.size === 0) return;
    this.#isGoing = true;
    setImmediate(() => {
      this.#isGoing = false;
      this.#serveOne();
      this.#go();
    });
  }

  #serveOne(): void {
    for (const address of this.#ready) {
      this.#ready.delete(address);
      const [begin] = this.#lines.get(address) ?? [];
      if (begin === undefined) {
        this.#lines.delete(address);
        continue;
      }
      this.#lines.get(address)?.delete(begin);
      this.#goOnWith(address);
      begin();
      return;
    }
  }

  #goOnWith(address: string): void {
    const rest = this.#pace.take(address, 1 / this.#options.perSecond);
    if (rest === 0) {
      this.#ready.add(address);
      return;
    }
    const wake = () => {
      this.#resting.delete(address);
      this.#ready.add(address);
      this.#go();
    };
    this.#resting.set(address, setTimeout(wake, rest).unref());
    if ((this.#lines.get(address)?.size ?? 0) > 0) this.#options.onWait(address);
  }
}
