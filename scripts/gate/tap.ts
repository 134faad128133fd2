// Reads a test run in the Test Anything Protocol, as ava prints it with --tap.

/** How many tests ended in which way. */
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** One line of a run: the end of a test, or anything else, such as the details of a failure. */
export type TapLine =
  | { readonly kind: 'test'; readonly outcome: keyof Tally; readonly title: string }
  | { readonly kind: 'other'; readonly text: string };

/** Reads one line, without its line end. */
export function readTapLine(line: string): TapLine {
  const match = /^(not ok|ok) \d+(?: - )?(.*?)( # (?:SKIP|TODO).*)?$/.exec(line);
  if (match === null) return { kind: 'other', text: line };
  const [, result, title = '', aside] = match;
  if (aside !== undefined) return { kind: 'test', outcome: 'skipped', title };
  return { kind: 'test', outcome: result === 'ok' ? 'passed' : 'failed', title };
}

/** The sum of two runs. */
export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The last line of a run: `3 passed, 0 failed`, and how many were skipped where some were. */
export function tallyText({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
