// A line about work in progress.
import { oneLine } from '../../host/text/shown-text.ts';
import type { LiveLine } from '../command-line/command.ts';

/** On a terminal each text replaces the one before; elsewhere each gets a line, so that logs stay readable. */
export function liveLine(output: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}): LiveLine {
  if (output.isTTY !== true) {
    return { show: (text) => output.write(`${oneLine(text)}\n`), clear: () => undefined };
  }
  const clear = () => output.write('\r\x1b[K');
  return {
    show: (text) => {
      clear();
      // A line that goes on in the next one could not be taken away.
      output.write(oneLine(text).slice(0, (output.columns || 80) - 1));
    },
    clear,
  };
}
