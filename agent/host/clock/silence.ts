// Counts questions to which a program gave no answer, to tell one that hangs from one that we did not listen to.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** So many questions in a row without an answer: it hangs. */
const SILENT_MAX = 3;

/** Who was kept from running for longer (a busy or stopped machine) may have missed the answer. Nanoseconds. */
const STARVED_NS = 500_000_000;

/** What is known of one program: begin before each question, and say what came of it. */
export class Silence {
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  #silent = 0;

  /** Whether the last question was left without an answer: the next one is not to wait. */
  get isDoubted(): boolean {
    return this.#silent > 0;
  }

  /** A question is being asked: from now on this process must have run to judge the answer. */
  begin(): void {
    this.#delay.enable();
    this.#delay.reset();
  }

  /** It answered: all is well. */
  answered(): void {
    this.#delay.disable();
    this.#silent = 0;
  }

  /** It was to answer by now. Counts only if this process ran all the time; returns whether it hangs. */
  silent(): boolean {
    this.#delay.disable();
    if (this.#delay.max < STARVED_NS) this.#silent += 1;
    return this.#silent >= SILENT_MAX;
  }

  /** Nobody can tell, such as where the connection ended: neither an answer nor silence. */
  unknown(): void {
    this.#delay.disable();
  }
}
