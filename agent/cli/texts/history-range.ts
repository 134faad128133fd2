// The value of `--history`: which part of the past is wanted.
import { CommandError } from '../command-line/command-error.ts';
import { momentAgo } from './moment.ts';

/** Microseconds since 1970, both included; an end that is missing is open. */
export type HistoryRange = { readonly from?: number; readonly to?: number };

const DAY_US = 86_400_000_000;

/** May lines of it be of times of day that come twice? @param now microseconds since 1970 */
export function isOverADay({ from = 0, to }: HistoryRange, now: number): boolean {
  return (to ?? now) - from > DAY_US;
}

/** When a checkpoint of that name is; undefined where there is none. */
export type TimeOf = (checkpoint: string) => number | undefined;

const CHECKPOINT = /^[A-Za-z0-9]/;
const EXPECTED =
  'expected none, full, or START:END with ends such as -5m (s, m, h or d) or a checkpoint, as -5m: or my-start:my-end';

/** May it name a checkpoint? */
export function hasCheckpoint(text: string): boolean {
  return !isWord(text) && text.split(':').some((end) => CHECKPOINT.test(end));
}

/**
 * Reads `none`, `full`, `-5m:`, `-5m`, `:-1h`, `-2h:-1h` or `my-start:`.
 * @param now microseconds since 1970
 * @returns undefined for `none`
 * @throws {CommandError} if it is none of these, there is no such checkpoint, or it starts after its end
 */
export function parseHistory(
  text: string,
  now: number,
  timeOf: TimeOf = () => undefined,
): HistoryRange | undefined {
  if (isWord(text)) return text === 'none' ? undefined : {};
  const [start = '', end = '', ...more] = text.split(':');
  if (more.length > 0 || text === '') throw complaint(text, EXPECTED);
  const moment = (one: string) => momentAgo(one, now) ?? checkpoint(one, { text, timeOf });
  const from = start === '' ? undefined : moment(start);
  const to = end === '' ? undefined : moment(end);
  if ((from ?? 0) > (to ?? now)) throw complaint(text, 'it starts after its end');
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function isWord(text: string): boolean {
  return text === 'none' || text === 'full';
}

function checkpoint(
  name: string,
  { text, timeOf }: { readonly text: string; readonly timeOf: TimeOf },
): number {
  if (!CHECKPOINT.test(name)) throw complaint(text, EXPECTED);
  const at = timeOf(name);
  if (at !== undefined) return at;
  const reason = `you have no checkpoint '${name}'. walt log list-checkpoints lists yours`;
  throw complaint(text, `${reason}; otherwise ${EXPECTED}`);
}

function complaint(text: string, what: string): CommandError {
  return new CommandError(`Cannot use history '${text}': ${what}`);
}
