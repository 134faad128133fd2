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

/** For all transfers of a server. */
export class TftpAttention {
  readonly #transfers: () => number;
  #until = 0;
  #isAwake = false;
  readonly #look = () => {
    if (performance.now() < this.#until) setImmediate(this.#look);
    else this.#isAwake = false;
  };

  /** @param transfers how many run now */
  constructor(transfers: () => number) {
    this.#transfers = transfers;
  }

  /** An answer is expected from now on. */
  expect(now: number): void {
    this.#until = now + attentiveMs;
    if (this.#isAwake || this.#transfers() > mostTransfers) return;
    this.#isAwake = true;
    setImmediate(this.#look);
  }
}
