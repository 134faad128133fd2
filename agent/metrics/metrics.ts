// All numbers of a server: what is counted, and what parts of the server let others look at.
import { countedFamilies } from './counted.ts';
import { expositionText } from './exposition.ts';
import { type Family, Gauge, type Sample } from './instruments.ts';
import { WATCHED } from './watched.ts';

type WatchedName = keyof typeof WATCHED;

/** Numbers of one server. */
export class Metrics {
  readonly counted = countedFamilies();
  readonly #watched = new Map<WatchedName, () => number | readonly Sample[]>();

  /** Says where a number is looked up. */
  watch(name: WatchedName, read: () => number | readonly Sample[]): void {
    this.#watched.set(name, read);
  }

  /** Each name once, also without a number so far. */
  families(): readonly Family[] {
    const watched = Object.entries(WATCHED).map(([name, help]) => {
      const read = this.#watched.get(name as WatchedName) ?? (() => []);
      return new Gauge(name, help, read);
    });
    return [...watched, ...Object.values(this.counted)];
  }

  /** As Prometheus reads it. */
  text(): string {
    return expositionText(this.families());
  }
}
