// When somebody used each node last, and who uses one at this moment.
import type { Clock } from '../../host/clock/clock.ts';

/** Uses of nodes since the server started. */
export class Uses {
  readonly #clock: Clock;
  #started: number;
  readonly #last = new Map<string, number>();
  readonly #held = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#started = clock();
  }

  /** Somebody uses it now. */
  note(mac: string): void {
    this.#last.set(mac, this.#clock());
  }

  /** Somebody uses it until this is disposed of. */
  hold(mac: string): Disposable {
    this.note(mac);
    this.#held.set(mac, (this.#held.get(mac) ?? 0) + 1);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.note(mac);
        const left = (this.#held.get(mac) ?? 1) - 1;
        if (left > 0) this.#held.set(mac, left);
        else this.#held.delete(mac);
      },
    };
  }

  /** Somebody set the clock: uses are as long ago as they were. @param by microseconds */
  shift(by: number): void {
    this.#started += by;
    for (const [mac, at] of this.#last) this.#last.set(mac, at + by);
  }

  /** Microseconds since 1970; of a node that nobody has used yet, when the server started. */
  lastOf(mac: string): number {
    if (this.#held.has(mac)) return this.#clock();
    return this.#last.get(mac) ?? this.#started;
  }
}
