// What is counted and measured, in the form of Prometheus: a family of numbers has a name, a help text, and a number for each set of
// labels.

/** As `{model: 'rpi-4-b'}`. */
export type Labels = Readonly<Record<string, string>>;

/** A line of a family. */
export type Sample = { readonly suffix?: string; readonly labels: Labels; readonly value: number };

/** All numbers of one name. */
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: () => readonly Sample[];
};

/** Machines choose some labels: further ones are counted together. */
const MOST_LABELS = 200;
const OTHERS = 'other';

/** Counts what happened; never less. */
export class Counter implements Family {
  readonly type = 'counter' as const;
  readonly name: string;
  readonly help: string;
  readonly #labelled = new Labelled(() => ({ value: 0 }));

  /** @param name ends with `_total` */
  constructor(name: string, help: string) {
    this.name = name;
    this.help = help;
  }

  /** It happened, `by` times. */
  add(labels: Labels = {}, by = 1): void {
    this.#labelled.of(labels).value += by;
  }

  samples(): Sample[] {
    return this.#labelled.all().map(([labels, { value }]) => ({ labels, value }));
  }
}

/** A number that is looked up when it is asked for. */
export class Gauge implements Family {
  readonly type = 'gauge' as const;
  readonly name: string;
  readonly help: string;
  readonly #read: () => number | readonly Sample[];

  constructor(name: string, help: string, read: () => number | readonly Sample[]) {
    this.name = name;
    this.help = help;
    this.#read = read;
  }

  samples(): readonly Sample[] {
    const value = this.#read();
    return typeof value === 'number' ? [{ labels: {}, value }] : value;
  }
}

/** Counts values by how large they are. */
export class Histogram implements Family {
  readonly type = 'histogram' as const;
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #labelled: Labelled<{ readonly counts: number[]; sum: number }>;

  /** @param bounds of the buckets, rising */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    this.#labelled = new Labelled(() => ({ counts: Array(bounds.length + 1).fill(0), sum: 0 }));
  }

  /** A value that came. */
  observe(value: number, labels: Labels = {}): void {
    const entry = this.#labelled.of(labels);
    const index = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = index < 0 ? this.#bounds.length : index;
    entry.counts[bucket] = (entry.counts[bucket] ?? 0) + 1;
    entry.sum += value;
  }

  samples(): Sample[] {
    return this.#labelled.all().flatMap(([labels, { counts, sum }]) => {
      let total = 0;
      const buckets = counts.map((count, index) => {
        total += count;
        const le = this.#bounds[index]?.toString() ?? '+Inf';
        return { suffix: '_bucket', labels: { ...labels, le }, value: total };
      });
      return [
        ...buckets,
        { suffix: '_sum', labels, value: sum },
        { suffix: '_count', labels, value: total },
      ];
    });
  }
}

class Labelled<Entry> {
  readonly #make: () => Entry;
  readonly #entries = new Map<string, readonly [Labels, Entry]>();
  /** found last: what thousands of machines do alike is counted by the same object */
  #latest: readonly [Labels, Entry] | undefined;

  constructor(make: () => Entry) {
    this.#make = make;
  }

  of(labels: Labels): Entry {
    if (this.#latest?.[0] === labels) return this.#latest[1];
    const entry = this.#entryOf(labels);
    this.#latest = [labels, entry];
    return entry;
  }

  #entryOf(labels: Labels): Entry {
    const key = JSON.stringify(labels);
    const known = this.#entries.get(key);
    if (known !== undefined) return known[1];
    const names = Object.keys(labels);
    if (this.#entries.size >= MOST_LABELS && names.some((name) => labels[name] !== OTHERS)) {
      return this.#entryOf(Object.fromEntries(names.map((name) => [name, OTHERS])));
    }
    const made = this.#make();
    this.#entries.set(key, [labels, made]);
    return made;
  }

  all(): (readonly [Labels, Entry])[] {
    return [...this.#entries.values()];
  }
}
