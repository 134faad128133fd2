// Boards that fell silent at once, of which none has come back. Most likely they run, and what is gone is their switch: power cycles
// would end what runs on all of them, again and again. So one after the other is tried, at longer and longer distances, until one
// is heard again.
import type { BootBook } from '../boots/boot-book.ts';
import type { Node } from '../devices/device.ts';
import type { Clock } from '../host/clock/clock.ts';
import { type Cases, tryingFrom } from './cases.ts';
import { MANY } from './server-trouble.ts';

type Options = {
  readonly boots: Pick<BootBook, 'bootOf'>;
  readonly cases: Cases;
  readonly clock: Clock;
};

const SECOND = 1_000_000;
/** One board has so long to be heard before the next one is tried; twice as long each time. */
const FIRST_GAP = 180 * SECOND;
const LONGEST_GAP = 3600 * SECOND;

/** Those of one healer. */
export class FellSilent {
  readonly #options: Options;
  readonly #macs = new Set<string>();
  #gap = FIRST_GAP;
  #nextAt = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Boards stand still, many of them since the same minute. */
  note(halted: readonly Node[]): void {
    const silent = halted.filter(({ mac }) => this.#options.cases.of(mac).isSilent === true);
    if (silent.length < MANY && this.#macs.size === 0) return;
    for (const { mac } of silent) this.#macs.add(mac);
  }

  /** Those that are to be helped now. Once one of them is heard, all have their whole time again, and are as others. */
  async without(halted: readonly Node[]): Promise<readonly Node[]> {
    if (this.#macs.size === 0) return halted;
    if (this.#isHeard()) {
      const freed = new Set(this.#macs);
      await this.#end();
      return halted.filter(({ mac }) => !freed.has(mac));
    }
    this.#prune();
    const others = halted.filter(({ mac }) => !this.#macs.has(mac));
    const tried = this.#next(halted);
    return tried === undefined ? others : [...others, tried];
  }

  #isHeard(): boolean {
    const states = [...this.#macs].map((mac) => this.#options.boots.bootOf(mac)?.state);
    return states.some((state) => state !== undefined && state !== 'down');
  }

  /** Of those that were turned off, taken away, or given up, nothing is expected. */
  #prune(): void {
    const { boots, cases } = this.#options;
    for (const mac of this.#macs) {
      const { tryingSince, series } = cases.of(mac);
      const isAway = boots.bootOf(mac) === undefined || tryingSince === undefined;
      if (isAway || series.quarantine !== undefined) this.#macs.delete(mac);
    }
    if (this.#macs.size === 0) this.#rewind();
  }

  #rewind(): void {
    this.#gap = FIRST_GAP;
    this.#nextAt = 0;
  }

  #next(halted: readonly Node[]): Node | undefined {
    const { cases, clock } = this.#options;
    const now = clock();
    // Further away than that it is by a clock that was set back.
    if (now < this.#nextAt && this.#nextAt - now <= LONGEST_GAP) return undefined;
    const triesOf = ({ mac }: Node) => cases.of(mac).series.tries;
    const [next] = halted
      .filter(({ mac }) => this.#macs.has(mac))
      .toSorted((one, other) => triesOf(one) - triesOf(other));
    if (next === undefined) return undefined;
    this.#nextAt = now + this.#gap;
    this.#gap = Math.min(this.#gap * 2, LONGEST_GAP);
    return next;
  }

  async #end(): Promise<void> {
    const { cases, boots, clock } = this.#options;
    const now = clock();
    for (const mac of this.#macs) {
      const isTrying = cases.of(mac).tryingSince !== undefined;
      if (!isTrying || boots.bootOf(mac)?.state !== 'down') continue;
      await cases.change(mac, (board) => tryingFrom(now, board));
    }
    this.#macs.clear();
    this.#rewind();
  }
}
