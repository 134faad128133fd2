// What a program writes, line by line.
import type { Readable } from 'node:stream';

/** A longer line is given in parts. */
const LONGEST_LINE = 10_000;

/** Gives each line of a text stream that is not empty as it comes. A carriage return ends a line too. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  const give = (line: string) => line !== '' && onLine(line);
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) give(line);
    if (rest.length < LONGEST_LINE) return;
    give(rest);
    rest = '';
  });
  stream.once('end', () => give(rest));
}
