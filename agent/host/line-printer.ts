// The service's own output. A rack that powers up at once makes a thousand lines a second: those of one turn of the event
// loop leave together.

export type LinePrinter = {
  readonly print: (line: string) => void;
  /** Writes what still waits; to be called before the program ends. */
  readonly flush: () => void;
};

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
    lines.push(line);
  };
  return { print, flush };
}
