// The time, as log lines and boot stages have it.

/** Microseconds since 1970, UTC. */
export type Clock = () => number;

/** The clocks of a machine, in milliseconds. */
export type Clocks = {
  /** since 1970; somebody may set it */
  readonly wall: () => number;
  /** since some moment; nobody sets it */
  readonly steady: () => number;
};

/** The wall clock is drawn towards the right time by as much as this between two looks, and by no more (adjtimex(2)). */
const JUMP_MS = 2000;

const MACHINE: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The time of day, steady from one look at the wall clock to the next. A machine without a battery for its clock starts
 * with a wrong one, and is set right later, perhaps by years.
 */
export class WallClock {
  readonly #clocks: Clocks;
  #offset: number;
  #latest = 0;

  constructor(clocks: Clocks = MACHINE) {
    this.#clocks = clocks;
    this.#offset = this.#now();
  }

  /** The time of day. It goes back only where the wall clock was set. */
  read: Clock = () => {
    const now = Math.round((this.#offset + this.#clocks.steady()) * 1000);
    this.#latest = Math.max(this.#latest, now);
    return this.#latest;
  };

  /**
   * Looks at the wall clock, and goes by it from now on.
   * @returns microseconds by which it was set since the last look; 0 where it only went on
   */
  follow(): number {
    const before = this.#offset;
    this.#offset = this.#now();
    const by = this.#offset - before;
    if (Math.abs(by) < JUMP_MS) return 0;
    this.#latest = 0;
    return Math.round(by * 1000);
  }

  #now(): number {
    return this.#clocks.wall() - this.#clocks.steady();
  }
}

let ofThisMachine = new WallClock();
let timerFactor = 1;

/** The time of day on this machine. */
export const systemClock: Clock = () => ofThisMachine.read();

/** As `WallClock.follow`, for `systemClock`: to be called again and again. */
export const followSystemClock = (): number => ofThisMachine.follow();

/** Milliseconds of a timer that is to last so many of `systemClock`: the same, but in a lab that has hastened it. */
export const timerMs = (ms: number): number => ms / timerFactor;

/** Milliseconds of a clock that nobody sets and that goes as the timers of `timerMs` do. */
export const steadyMs = (): number => performance.now() * timerFactor;

/** How a clock is hastened. `of`: timers and transfers as well; or the time of day alone, where real machines keep real time. */
export type Haste = {
  readonly times: number;
  /** milliseconds since 1970, at which both show the same: a server that starts again goes on where it was */
  readonly since: number;
  readonly of: 'all' | 'day';
};

/** Lets `systemClock` of this process go faster than time, for labs: hours of boards that do not come up are minutes. */
export function hastenClock({ times, since, of }: Haste): void {
  timerFactor = of === 'all' ? times : 1;
  ofThisMachine = new WallClock({
    wall: () => since + (MACHINE.wall() - since) * times,
    steady: () => MACHINE.steady() * times,
  });
}

/** The time zone of this machine, as `Europe/Paris`. */
export const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
