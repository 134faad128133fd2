/**
 * One timer for all transfers. After the processor was busy elsewhere, timers run before the sockets are read, and
 * an acknowledgement that lies there unread looks like a lost one: so the sockets are read first, and a transfer is
 * asked only about the time up to which everything was heard.
 */
import { steadyMs } from '../../host/clock/clock.ts';

/** Milliseconds; a lost packet is noticed so much later at most. */
const periodMs = 20;

/** @param heardUntil all that came before this moment has been received */
export type Tick = (heardUntil: number) => void;

/** Ticks for as long as somebody watches. */
export class TftpClock {
  readonly #ticks = new Set<Tick>();
  #timer: NodeJS.Timeout | undefined;

  /** Calls `tick` again and again until `ignore(tick)`. */
  watch(tick: Tick): void {
    this.#ticks.add(tick);
    this.#timer ??= setInterval(() => this.#listenFirst(), periodMs);
  }

  /** Ends what `watch` began. */
  ignore(tick: Tick): void {
    this.#ticks.delete(tick);
    if (this.#ticks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #listenFirst(): void {
    const heardUntil = steadyMs();
    // The event loop reads its sockets between a timer and an immediate.
    setImmediate(() => {
      for (const tick of this.#ticks) tick(heardUntil);
    });
  }
}
