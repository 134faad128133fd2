// The value of `--history`: which part of the past is wanted.
import { CommandError } from '../command-line/command-error.ts';

/** Microseconds since 1970, both included; an end that is missing is open. */
export type HistoryRange = { readonly from?: number; readonly to?: number };

const DAY_US = 86_400_000_000;

/** May lines of it be of times of day that come twice? @param now microseconds since 1970 */
export function isOverADay({ from = 0, to }: HistoryRange, now: number): boolean {
  return (to ?? now) - from > DAY_US;
}

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const AGO = /^-(\d+)([smhd])$/;
const EXPECTED =
  'expected none, full, or START:END with ends such as -5m (s, m, h or d), as -5m: or -2h:-1h';

/**
 * Reads `none`, `full`, `-5m:`, `-5m`, `:-1h` or `-2h:-1h`.
 * @param now microseconds since 1970
 * @returns undefined for `none`
 * @throws {CommandError} if it is none of these, or starts after its end
 */
export function parseHistory(text: string, now: number): HistoryRange | undefined {
  if (text === 'none') return undefined;
  if (text === 'full') return {};
  const [start = '', end = '', ...more] = text.split(':');
  if (more.length > 0 || text === '') throw complaint(text, EXPECTED);
  const from = start === '' ? undefined : ago(start, { text, now });
  const to = end === '' ? undefined : ago(end, { text, now });
  if ((from ?? 0) > (to ?? now)) throw complaint(text, 'it starts after its end');
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function ago(end: string, { text, now }: { readonly text: string; readonly now: number }): number {
  const [, count, unit] = AGO.exec(end) ?? [];
  if (count === undefined || unit === undefined) throw complaint(text, EXPECTED);
  return now - Number(count) * UNITS[unit as keyof typeof UNITS] * 1_000_000;
}

function complaint(text: string, what: string): CommandError {
  return new CommandError(`Cannot use history '${text}': ${what}`);
}
