// How long log lines are kept.

const DAY_US = 86_400_000_000;

/**
 * The moment so many days before `now`: lines from before it are deleted.
 * @param now microseconds since 1970, as is the result
 */
export function startOfDaysAgo(days: number, now: number): number {
  return now - days * DAY_US;
}
