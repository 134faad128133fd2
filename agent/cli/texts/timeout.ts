// The value of `--timeout`.
import { CommandError } from '../command-line/command-error.ts';

/**
 * Seconds; without a value there is no end.
 * @throws {CommandError} if it is no number above 0
 */
export function parseTimeout(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0) return seconds;
  throw new CommandError(`Cannot wait for '${text}' seconds, expected a number above 0, as 120`);
}
