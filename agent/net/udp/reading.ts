/** How much of a socket is read in one turn of the event loop, and when what was read is answered. */
import { MOST_DATAGRAMS } from '../ffi/datagram-batches.ts';

/** Of one turn: then others have theirs. */
const MOST_A_TURN = 2 * MOST_DATAGRAMS;
/** Who sent so many says more while they are answered: it is taken at once. Of fewer, Node wakes for what comes next. */
const MANY = 8;
/** Where one datagram comes at a time, as of a transfer without a window, so many are taken before it is looked for more. */
const MOST_VAIN = 3;

type Options = {
  /** takes what lies there, 64 datagrams at most. @returns how many there were */
  readonly receive: () => number;
  /** sends what was answered to all that was taken */
  readonly answer: () => void;
};

/** Of one socket, which Node looks at: it takes the first datagram itself, and up to 31 more one by one where they are left. */
export class Reading {
  readonly #options: Options;
  /** so much was taken in this turn that the rest waits for the next one */
  #isOver = false;
  /** how often in a row nothing more was there, and how many datagrams come before it is looked again */
  #vain = 0;
  #skip = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Node has taken a datagram. */
  tookOne(): void {
    // Answers to what Node takes one by one leave together.
    if (this.#isOver) return;
    this.#skip -= 1;
    if (this.#skip < 0) this.#read();
    this.#options.answer();
  }

  #read(): void {
    const { receive, answer } = this.#options;
    let count = receive();
    this.#vain = count === 0 ? Math.min(this.#vain + 1, MOST_VAIN) : 0;
    this.#skip = this.#vain;
    for (let taken = count; count >= MANY; taken += count) {
      if (taken >= MOST_A_TURN) {
        this.#isOver = true;
        setImmediate(this.#goOn);
        return;
      }
      answer();
      count = receive();
    }
  }

  readonly #goOn = (): void => {
    this.#isOver = false;
    this.#options.answer();
    this.#read();
    this.#options.answer();
  };
}
