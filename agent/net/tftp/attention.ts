/**
 * Keeps the event loop awake for a moment after a packet was sent: the acknowledgement is mostly there within it,
 * and to sleep and be woken costs more than all else that is done for a packet. The loop sleeps again when nothing
 * has come for so long, so that a client that is slow or gone costs nothing. Where many transfers run there is
 * always something to do, and to look in vain would only take the processor from the clients of a busy machine.
 */
import { performance } from 'node:perf_hooks';

/** Milliseconds; the round trip of a client on the same switch takes less. */
const attentiveMs = 0.3;
const mostTransfers = 16;

/** The event loop, as far as this needs it. */
export type Loop = {
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** Calls `work` in the next turn, and lets the loop not sleep until then. */
  readonly nextTurn: (work: () => void) => void;
};

const eventLoop: Loop = { now: () => performance.now(), nextTurn: setImmediate };

/** For all transfers of a server. */
export class TftpAttention {
  readonly #transfers: () => number;
  readonly #loop: Loop;
  #until = 0;
  #isAwake = false;
  readonly #look = () => {
    if (this.#loop.now() < this.#until) this.#loop.nextTurn(this.#look);
    else this.#isAwake = false;
  };

  /** @param transfers how many run now */
  constructor(transfers: () => number, loop: Loop = eventLoop) {
    this.#transfers = transfers;
    this.#loop = loop;
  }

  /** An answer is expected from now on. */
  expect(now: number): void {
    this.#until = now + attentiveMs;
    if (this.#isAwake || this.#transfers() > mostTransfers) return;
    this.#isAwake = true;
    this.#loop.nextTurn(this.#look);
  }
}
