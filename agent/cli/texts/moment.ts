// A moment as people write it: so long ago, or a date in their time zone.
import { CommandError } from '../command-line/command-error.ts';

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const AGO = /^-(\d{1,9})([smhd])$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(\.\d{1,6})?)?)?$/;

/**
 * `-5m`: microseconds since 1970.
 * @param now the same
 * @returns undefined where it is not so written
 */
export function momentAgo(text: string, now: number): number | undefined {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return now - Number(count) * UNITS[unit as keyof typeof UNITS] * 1_000_000;
}

/**
 * Reads `-5m`, `2026-11-26`, `2026-11-26 10:45` or `2026-11-26 10:45:49.5`.
 * @param now microseconds since 1970, as is the result
 * @throws {CommandError} if it is none of these, or there is no such day
 */
export function parseMoment(text: string, now: number): number {
  const at = momentAgo(text, now) ?? dateOf(text);
  if (at !== undefined) return at;
  throw new CommandError(
    `Cannot use date '${text}', expected as '2026-11-26 10:45:49' in your time zone, or -5m (s, m, h or d)`,
  );
}

function dateOf(text: string): number | undefined {
  const [match, ...parts] = DATE.exec(text) ?? [];
  if (match === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, fraction = 0] =
    parts.map((part) => Number(part ?? 0));
  const date = new Date(year, month - 1, day, hours, minutes, seconds);
  const isReal =
    date.getMonth() === month - 1 && date.getDate() === day && hours < 24 && minutes < 60;
  if (!isReal || seconds > 59) return undefined;
  return date.getTime() * 1000 + Math.round(fraction * 1_000_000);
}
