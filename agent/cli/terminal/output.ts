// What `walt` prints. Much of it was said by others: nodes, programs, registries.
import { shownText } from '../../host/text/shown-text.ts';
import type { Io } from '../command-line/command.ts';
import { liveLine } from './live-line.ts';

type Stream = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

/** Output for results, and notes and progress for people. */
export function output({
  stdout,
  stderr,
}: {
  readonly stdout: Stream;
  readonly stderr: Stream;
}): Pick<Io, 'out' | 'note' | 'live' | 'columns'> {
  return {
    out: (line) => stdout.write(`${shownText(line)}\n`),
    columns: stdout.isTTY ? stdout.columns || undefined : undefined,
    note: (line) => stderr.write(`${shownText(line)}\n`),
    live: liveLine(stderr),
  };
}
