// Asks the person who typed the command.
import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { shownText } from '../../host/shown-text.ts';
import type { Io } from '../command-line/command.ts';

/** Without a terminal on both sides nobody can be asked. */
export function questions({
  stdin,
  stderr,
}: {
  readonly stdin: ReadStream;
  readonly stderr: WriteStream;
}): Pick<Io, 'ask'> {
  if (!stdin.isTTY || !stderr.isTTY) return {};
  return {
    ask: async (question) => {
      const reader = createInterface({ input: stdin, output: stderr });
      const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
      try {
        return await Promise.race([reader.question(shownText(question)), closed]);
      } finally {
        reader.close();
      }
    },
  };
}
