/**
 * Measures several programs side by side: in each round every one has its turn, so that what disturbs the machine
 * disturbs all alike, and the median of the rounds counts.
 */
export type Measured = {
  readonly name: string;
  /** Median of the rounds that did not fail; absent where all failed. */
  readonly median?: number;
  readonly failures: number;
};

export type Measure<Contestant> = (contestant: Contestant, round: number) => Promise<number>;

/** @param measure gives a figure, or throws where the program failed */
export async function compare<Contestant extends { readonly name: string }>(
  contestants: readonly Contestant[],
  measure: Measure<Contestant>,
  { rounds }: { readonly rounds: number },
): Promise<Measured[]> {
  const figures = contestants.map((): number[] => []);
  const failures = contestants.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    for (const at of order(contestants.length, round)) {
      const contestant = contestants[at];
      if (!contestant) continue;
      const result = await measure(contestant, round).catch((reason: unknown) => {
        console.error(`${contestant.name}: ${reason instanceof Error ? reason.message : reason}`);
      });
      if (result === undefined) failures[at] = (failures[at] ?? 0) + 1;
      else figures[at]?.push(result);
    }
  }
  return contestants.map(({ name }, at) => {
    const own = figures[at] ?? [];
    const rest = { name, failures: failures[at] ?? 0 };
    return own.length === 0 ? rest : { ...rest, median: median(own) };
  });
}

/** Each round begins with another one: to be the first, or behind a certain one, is nobody's lot for good. */
function order(count: number, round: number): number[] {
  return Array.from({ length: count }, (_, at) => (at + round) % count);
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** What `--rounds` says. @throws {RangeError} for anything but a number from 1 */
export function askedRounds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new RangeError(`Cannot measure ${text} rounds: expected a whole number from 1`);
}
