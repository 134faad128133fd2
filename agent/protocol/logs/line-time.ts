// Mode TIMESTAMPS_INSIDE: each line begins with when it was said, in seconds since 1970, and a space.

/** A line, and when it was said, in microseconds since 1970. */
export type TimedLine = { readonly at: number; readonly line: string };

const TIMED = /^(\d{1,11})(?:\.(\d{1,9}))?(?: |$)/;
const TEN_YEARS_US = 10 * 365.25 * 86_400 * 1_000_000;
const AHEAD_US = 1_000_000;

/**
 * Takes the time from the line. A time that nobody can mean (more than ten years ago, more than a second ahead) becomes `now`:
 * the clock of the node is wrong. So does one that is missing, and the line stays as it is.
 * @param now microseconds since 1970
 */
export function timedLine(line: string, now: number): TimedLine {
  const [head, seconds, fraction = ''] = TIMED.exec(line) ?? [];
  if (head === undefined) return { at: now, line };
  const said = Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
  const isMeant = said >= now - TEN_YEARS_US && said <= now + AHEAD_US;
  return { at: isMeant ? said : now, line: line.slice(head.length) };
}
