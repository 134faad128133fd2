// Asks the person who typed the command.
import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { shownText } from '../../host/shown-text.ts';
import type { Io } from '../command-line/command.ts';

/**
 * Without a terminal on both sides nobody can be asked.
 * @param streams.signal ends a question as ctrl-C does
 */
export function questions({
  stdin,
  stderr,
  signal,
}: {
  readonly stdin: ReadStream;
  readonly stderr: WriteStream;
  readonly signal: AbortSignal;
}): Pick<Io, 'ask'> {
  if (!stdin.isTTY || !stderr.isTTY) return {};
  return {
    ask: async (question) => {
      if (signal.aborted) return undefined;
      const reader = createInterface({ input: stdin, output: stderr });
      const left = new Promise<undefined>((resolve) => {
        reader.once('close', () => resolve(undefined));
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      try {
        return await Promise.race([reader.question(shownText(question)), left]);
      } finally {
        reader.close();
      }
    },
  };
}
