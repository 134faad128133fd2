/**
 * Looks for acknowledgements before anybody is woken for them: mostly they are there a moment after a packet was sent, and to sleep and
 * be woken costs more than all else that is done for a packet. The loop sleeps again when nothing has come for so long, so that a
 * client that is slow or gone costs nothing. Where many transfers run there is always something to do, and to look in vain would only take
 * the processor from the clients of a busy machine: there each port reads as long as something comes (`udp/reading.ts`).
 */
import { performance } from 'node:perf_hooks';

/** Milliseconds; the round trip of a client on the same switch takes less. */
const attentiveMs = 0.5;
/** Milliseconds in one go, in which nothing else of the server runs. */
const turnMs = 0.2;
const mostTransfers = 16;

/** The event loop, as far as this needs it. */
export type Loop = {
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** Calls `work` in the next turn, and lets the loop not sleep until then. */
  readonly nextTurn: (work: () => void) => void;
};

/** What is looked after. */
export type Watched = {
  /** how many transfers run now */
  readonly transfers: () => number;
  /** takes what has come, and says how many packets that were; without it the loop is kept awake, and takes them itself */
  readonly take?: (() => number) | undefined;
  /** `take()` is not called until something is expected again */
  readonly rest?: () => void;
};

const eventLoop: Loop = { now: () => performance.now(), nextTurn: setImmediate };

/** For all transfers of a server. */
export class TftpAttention {
  readonly #watched: Watched;
  readonly #loop: Loop;
  #until = 0;
  #isAwake = false;
  #hasLookedAtOnce = false;
  #reads = 0;
  readonly #look = () => {
    this.#hasLookedAtOnce = false;
    this.#take();
    if (this.#isPatient() && this.#loop.now() < this.#until) {
      this.#loop.nextTurn(this.#look);
      return;
    }
    this.#isAwake = false;
    this.#watched.rest?.();
  };

  constructor(watched: Watched, loop: Loop = eventLoop) {
    this.#watched = watched;
    this.#loop = loop;
  }

  /** An answer is expected from now on. */
  expect(now: number): void {
    this.#until = now + attentiveMs;
    if (this.#isAwake || !this.#isPatient()) return;
    this.#isAwake = true;
    this.#loop.nextTurn(this.#look);
  }

  /** A packet came by Node's way, and all that it led to has been sent: what follows is looked for at once, once in a turn of the loop. */
  hear(): void {
    if (!this.#isAwake || this.#hasLookedAtOnce || !this.#isPatient()) return;
    this.#hasLookedAtOnce = true;
    this.#take();
  }

  /** Blocks are waited for: the loop has to turn for them to come. */
  async whileReading(reading: Promise<void>): Promise<void> {
    this.#reads += 1;
    try {
      await reading;
    } finally {
      this.#reads -= 1;
    }
  }

  #isPatient(): boolean {
    return this.#watched.transfers() <= mostTransfers;
  }

  #take(): void {
    const { take } = this.#watched;
    if (take === undefined) return;
    const end = this.#loop.now() + turnMs;
    for (let now = 0; now < end && now < this.#until; now = this.#loop.now()) {
      const isFound = take() > 0;
      if (this.#reads > 0 || !(isFound || this.#isPatient())) break;
    }
  }
}
