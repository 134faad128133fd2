// What the log says of limits that were met: each address once an hour, and few addresses, whoever makes them up.
import type { EventOf } from '../../events/event.ts';
import { LIMITS, type LimitName } from './table.ts';

const HOUR_MS = 3_600_000;
/** Lines an hour of one limit. */
const MOST_LINES = 10;

type Said = { readonly since: number; readonly names: Set<string>; hidden: number };

/** Remembers what was said of whom. */
export class LimitReports {
  readonly #now: () => number;
  readonly #said = new Map<LimitName, Said>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns the event that is due, if one is */
  take(limit: LimitName, from: string): EventOf<'limit-reached'>[] {
    const said = this.#thisHour(limit);
    if (said.names.has(from) || said.names.size >= MOST_LINES) {
      said.hidden += 1;
      return [];
    }
    const others = said.hidden;
    said.hidden = 0;
    said.names.add(from);
    const { server, sentence } = LIMITS[limit];
    return [{ kind: 'limit-reached', server, from, sentence, others }];
  }

  #thisHour(limit: LimitName): Said {
    const now = this.#now();
    const before = this.#said.get(limit);
    if (before !== undefined && now - before.since < HOUR_MS) return before;
    const said = { since: now, names: new Set<string>(), hidden: before?.hidden ?? 0 };
    this.#said.set(limit, said);
    return said;
  }
}
