// What a check has found: a thing that is there, or one that is missing and how to get it.

/** One thing that a check looked for. */
export type Finding = {
  readonly what: string;
  /** What to do; absent where nothing is wrong. */
  readonly remedy?: string;
};

/** As lines of a terminal. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.map(({ what, remedy }) =>
    remedy === undefined ? `  ok       ${what}` : `  MISSING  ${what}: ${remedy}`,
  );
}
