// Asks the person who typed the command.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { shownText } from '../../host/text/shown-text.ts';
import type { Io } from '../command-line/command.ts';

type Streams = {
  /** opened when somebody is asked */
  readonly stdin: () => ReadStream;
  /** whether that is a terminal */
  readonly hasTerminal: boolean;
  readonly stderr: WriteStream;
  /** ends a question as ctrl-C does */
  readonly signal: AbortSignal;
};

/** Without a terminal on both sides nobody can be asked. */
export function questions({
  stdin,
  hasTerminal,
  stderr,
  signal,
}: Streams): Pick<Io, 'ask' | 'askSecret'> {
  if (!hasTerminal || !stderr.isTTY) return {};
  const ask = async (question: string, output: Writable) => {
    if (signal.aborted) return undefined;
    const reader = createInterface({ input: stdin(), output, terminal: true });
    const left = new Promise<undefined>((resolve) => {
      reader.once('close', () => resolve(undefined));
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    try {
      return await Promise.race([reader.question(shownText(question)), left]);
    } finally {
      reader.close();
    }
  };
  return {
    ask: (question) => ask(question, stderr),
    askSecret: async (question) => {
      stderr.write(shownText(question));
      // The terminal echoes nothing while readline reads each key, and readline writes to nowhere.
      const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
      try {
        return await ask('', nowhere);
      } finally {
        stderr.write('\n');
      }
    },
  };
}
