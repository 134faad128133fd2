/** How much of a socket is read in one turn of the event loop, and when what was read is answered. */
import { MOST_DATAGRAMS } from '../ffi/datagram-batches.ts';
import type { NodeReading } from './node-reading.ts';

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
  /** undefined: it cannot be stopped */
  readonly node: NodeReading | undefined;
};

/**
 * Of one socket, which Node looks at: it takes the first datagram itself. Where many come it is stopped, and the socket is read in each
 * turn of the event loop until a turn finds nothing.
 */
export class Reading {
  readonly #options: Options;
  /** the next turn reads on, and answers what Node takes until then */
  #goesOn = false;
  #isStopped = false;
  /** how often in a row nothing more was there, and how many datagrams come before it is looked again */
  #vain = 0;
  #skip = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Node has taken a datagram. */
  tookOne(): void {
    // Answers to what Node takes one by one leave together.
    if (this.#goesOn) return;
    this.#skip -= 1;
    if (this.#skip < 0) this.#read();
    this.#options.answer();
  }

  #read(): void {
    const { receive, answer } = this.#options;
    let count = receive();
    this.#vain = count === 0 ? Math.min(this.#vain + 1, MOST_VAIN) : 0;
    this.#skip = this.#vain;
    let taken = count;
    while (count >= MANY && taken < MOST_A_TURN) {
      answer();
      count = receive();
      taken += count;
    }
    if (taken >= MANY) this.#stopNode();
    if (count >= MANY || (this.#isStopped && taken > 0)) this.#readOn();
    else this.#startNode();
  }

  #readOn(): void {
    this.#goesOn = true;
    setImmediate(this.#goOn);
  }

  #stopNode(): void {
    if (this.#isStopped || this.#options.node === undefined) return;
    this.#isStopped = true;
    this.#options.node.stop();
  }

  #startNode(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#options.node?.start();
  }

  readonly #goOn = (): void => {
    this.#goesOn = false;
    this.#options.answer();
    this.#read();
    this.#options.answer();
  };
}
