// Prints the messages of the service. Many machines that are switched on at once make a thousand lines a second: all lines of
// one turn of the event loop are written with one call.
import { oneLine } from './shown-text.ts';

/** Prints lines in their order, several with one write. */
export type LinePrinter = {
  readonly print: (line: string) => void;
  /** Writes what still waits; to be called before the program ends. */
  readonly flush: () => void;
};

/** @param write gets whole lines, each with its line end */
export function linePrinter(write: (text: string) => void): LinePrinter {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    lines = [];
    write(text);
  };
  const print = (line: string) => {
    if (lines.length === 0) setImmediate(flush);
    lines.push(oneLine(line));
  };
  return { print, flush };
}
