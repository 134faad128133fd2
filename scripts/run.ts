// The one place where zx is imported: every script runs programs through this `$`.
import { $, ProcessOutput } from 'zx';

$.verbose = false;
$.quiet = true;

export { $ };

/** What a script that fails tells a person: the sentence of our errors; of a program that failed, what it said. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ProcessOutput)) {
    return error instanceof Error ? error.message : String(error);
  }
  const { exitCode, signal, stderr, stdout } = error;
  const how = signal === null ? `exit status ${exitCode}` : signal;
  const said = stderr.trim() || stdout.trim() || 'it said nothing';
  return `Cannot go on: a program failed (${how}): ${said}`;
}
