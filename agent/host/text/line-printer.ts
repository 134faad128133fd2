// Prints the messages of the service. Many machines that are switched on at once make a thousand lines a second: all lines of
// one turn of the event loop are written with one call.
import { PRIORITY, type Print } from '../processes/priority.ts';
import { oneLine } from './shown-text.ts';

/** Prints lines in their order, several with one write. */
export type LinePrinter = {
  readonly print: Print;
  /** Writes what still waits; to be called before the program ends. */
  readonly flush: () => void;
};

/**
 * @param write gets whole lines, each with its line end
 * @param options `hasPriorities`: each line begins with its priority, which systemd's journal takes off again
 */
export function linePrinter(
  write: (text: string) => void,
  { hasPriorities = false }: { readonly hasPriorities?: boolean } = {},
): LinePrinter {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    lines = [];
    write(text);
  };
  const print: Print = (line, priority = PRIORITY.info) => {
    if (lines.length === 0) setImmediate(flush);
    lines.push(`${hasPriorities ? `<${priority}>` : ''}${oneLine(line)}`);
  };
  return { print, flush };
}
