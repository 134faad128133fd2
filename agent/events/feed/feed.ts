// The events for whoever follows them by the API. Each is on disk before it is told, so that a follower who comes again goes on where
// they were, also after a restart of the server. The newest ones are in memory, once for all followers.
import { RequestError } from '../../errors.ts';
import { type Holder, type Places, UNBOUNDED } from '../../host/queues/places.ts';
import type { EventRecords, StoredEvent } from '../../store/records/events.ts';
import type { ServerEvent } from '../event.ts';
import { Bell } from './bell.ts';
import { comparePositions, isNext, type Position, positionOf, positionText } from './position.ts';
import { viewEvent } from './view.ts';

/** What a follower gets: an event, where they are, or nothing but that the server is there. */
export type Message = {
  readonly id?: string;
  readonly event?: string;
  /** JSON */
  readonly data?: string;
};

type Options = {
  readonly records: EventRecords;
  /** milliseconds without an event after which followers are told that the server is there */
  readonly heartbeatMs?: number;
  /** of followers; without it there may be any number */
  readonly places?: Pick<Places, 'take'>;
  /** told how long an event took from its time until followers were told, in seconds */
  readonly onLag?: (seconds: number) => void;
  /** events on disk */
  readonly most?: number;
  /** events in memory */
  readonly mostInMemory?: number;
};

type Wish = {
  readonly signal: AbortSignal;
  /** other types are left out */
  readonly kinds?: ReadonlySet<string> | undefined;
  /** whose share of the followers it is of */
  readonly holder?: Holder;
  /** id of the last event that the follower has; without it they get what comes from now on */
  readonly after?: string | undefined;
};

type Waiting = { readonly event: StoredEvent; isSettled: boolean };
/** The next events of a follower; or where they are now without having got any, with or without having missed some. */
type Page = {
  readonly events: readonly StoredEvent[];
  readonly to?: Position;
  readonly hasMissed?: boolean;
};

const NOBODY: Holder = { user: '', from: '' };
const HEARTBEAT_MS = 15_000;
const MOST = 20_000;
const MOST_IN_MEMORY = 1000;
/** So many events are with each follower at once. */
const PAGE = 100;
/** What is over is deleted from the disk after so many events. */
const DELETE_AFTER = 1000;

/** What is settled leaves the list of what waits so many at a time. */
const SETTLED_AT_ONCE = 1024;

/** Events of this run of the server, and of those before. */
export class EventFeed {
  readonly #options: Options;
  readonly #run: number;
  /** as they happened; from `#first` on not on disk yet, as far as is known */
  #waiting: Waiting[] = [];
  #first = 0;
  /** on disk, or refused by it; without a gap, and those of this run only; twice as many as wanted at most */
  #recent: StoredEvent[] = [];
  #told: Position;
  #number = 0;
  readonly #wakes = new Set<() => void>();
  #time: { readonly at: number; readonly text: string } | undefined;

  /** @param now microseconds since 1970: no two runs have the same number, whatever the disk took of them */
  constructor(options: Options, now: number) {
    this.#options = options;
    this.#run = Math.max(options.records.lastRun() + 1, now);
    this.#told = { run: this.#run, number: 0 };
  }

  /** How many follow. */
  followers = (): number => this.#wakes.size;

  /** How many events are not on disk yet. */
  waiting = (): number => this.#waiting.length - this.#first;

  /** @param at microseconds since 1970 */
  add(event: ServerEvent, at: number): void {
    const view = viewEvent(event);
    if (view === undefined) return;
    this.#number += 1;
    const data = JSON.stringify({ time: this.#timeText(at), ...view });
    const stored = { run: this.#run, number: this.#number, kind: event.kind, data };
    const waiting = { event: stored, isSettled: false };
    this.#waiting.push(waiting);
    const since = performance.now();
    const settle = () => {
      this.#options.onLag?.((performance.now() - since) / 1000);
      this.#settle(waiting);
    };
    // A disk that takes nothing keeps nobody from following.
    this.#options.records.append(stored).then(settle, settle);
    const { most = MOST, records } = this.#options;
    // A run may end before it has so many: the first one of each looks, too.
    if (this.#number === 1 || this.#number % Math.min(DELETE_AFTER, most) === 0) {
      records.deleteAllBut(most).catch(() => undefined);
    }
  }

  /**
   * Events for a follower, until the signal aborts.
   * @throws {RequestError} at once, where too many follow already, or `after` was never given to anybody
   */
  follow({ after, holder = NOBODY, ...wish }: Wish): AsyncGenerator<Message[]> {
    const { places = UNBOUNDED } = this.#options;
    const from = after === undefined || after === '' ? this.#told : positionOf(after);
    if (from === undefined) {
      const reason = 'expected the id of an event, as it came from this server';
      throw new RequestError(400, `Cannot go on behind event '${after}': ${reason}`);
    }
    return this.#follow(from, { ...wish, giveBack: places.take(holder, wish.signal) });
  }

  async *#follow(from: Position, { signal, kinds, giveBack }: Wish & { giveBack: () => void }) {
    const bell = new Bell(signal);
    this.#wakes.add(bell.ring);
    try {
      let at = from;
      // Whoever is cut off before the first event came goes on from here.
      yield [{ id: positionText(at) }];
      let said = at;
      while (!signal.aborted) {
        const { events, to = at, hasMissed = false } = await this.#next(at);
        const messages = hasMissed ? [missedMessage(at, to)] : [];
        at = positionIn(events.at(-1) ?? to);
        messages.push(...events.filter(({ kind }) => kinds?.has(kind) !== false).map(messageOf));
        if (messages.length > 0) {
          said = at;
          yield messages;
        } else if (events.length === 0 && !(await bell.rung(this.#heartbeat))) {
          // What was left out need not be looked through again.
          yield [comparePositions(said, at) === 0 ? {} : { id: positionText(at) }];
          said = at;
        }
      }
    } finally {
      this.#wakes.delete(bell.ring);
      giveBack();
    }
  }

  get #heartbeat(): number {
    return this.#options.heartbeatMs ?? HEARTBEAT_MS;
  }

  async #next(at: Position): Promise<Page> {
    if (comparePositions(at, this.#told) === 0) return { events: [] };
    // Of a server that lost its disk, or of another one.
    if (comparePositions(at, this.#told) > 0) {
      return { events: [], to: this.#told, hasMissed: true };
    }
    const [oldest] = this.#recent;
    if (oldest !== undefined && oldest.run === at.run && oldest.number <= at.number + 1) {
      const index = at.number + 1 - oldest.number;
      return { events: this.#recent.slice(index, index + PAGE) };
    }
    return await this.#fromDisk(at);
  }

  async #fromDisk(at: Position): Promise<Page> {
    const { records } = this.#options;
    const first = await records.first();
    const isCut = first !== undefined && comparePositions(at, first) < 0 && !follows(at, first);
    const read = isCut ? [first] : await records.read(at, PAGE);
    // Others are on disk already, and told in a moment.
    const rows = read.filter((row) => comparePositions(row, this.#told) <= 0);
    const events = isCut ? [] : unbroken(at, rows);
    if (events.length > 0) return { events };
    const next = rows[0] ?? this.#recent[0];
    if (next === undefined) return { events: [], to: this.#told };
    const to = { run: next.run, number: next.number - 1 };
    return { events: [], to, hasMissed: isCut || !isNext(at, next) };
  }

  #settle(waiting: Waiting): void {
    waiting.isSettled = true;
    const before = this.#first;
    for (; this.#waiting[this.#first]?.isSettled; this.#first += 1) {
      const settled = this.#waiting[this.#first];
      if (settled !== undefined) this.#recent.push(settled.event);
    }
    const last = this.#recent.at(-1);
    if (this.#first === before || last === undefined) return;
    this.#shorten();
    const { mostInMemory = MOST_IN_MEMORY } = this.#options;
    // Each time it would cost more than all else that is done for an event.
    if (this.#recent.length >= 2 * mostInMemory) this.#recent = this.#recent.slice(-mostInMemory);
    this.#told = positionIn(last);
    for (const wake of this.#wakes) wake();
  }

  /** Where thousands wait, each that leaves the list alone would move all others. */
  #shorten(): void {
    if (this.#first < Math.min(SETTLED_AT_ONCE, this.#waiting.length)) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }

  /** What follows from one message happened at the same time. */
  #timeText(at: number): string {
    if (this.#time?.at !== at) this.#time = { at, text: new Date(at / 1000).toISOString() };
    return this.#time.text;
  }
}

/** Within a run; what is first on disk may be all that there ever was behind another run. */
function follows(at: Position, first: Position): boolean {
  return at.run === first.run && isNext(at, first);
}

function unbroken(at: Position, rows: readonly StoredEvent[]): readonly StoredEvent[] {
  const broken = rows.findIndex((row, index) => !isNext(rows[index - 1] ?? at, row));
  return broken < 0 ? rows : rows.slice(0, broken);
}

function positionIn({ run, number }: Position): Position {
  return { run, number };
}

function missedMessage(from: Position, to: Position): Message {
  const data = JSON.stringify({ from: positionText(from), to: positionText(to) });
  return { id: positionText(to), event: 'missed', data };
}

function messageOf({ kind, data, ...position }: StoredEvent): Message {
  return { id: positionText(position), event: kind, data };
}
