// The server's side of serial lines that the runner opens.
import type { LineOpener } from '../../consoles/open-line.ts';
import { WaltError } from '../../errors.ts';
import { brokenOff } from '../reach.ts';
import type { RunnerAnswer } from './messages.ts';
import { openSession } from './session.ts';

/** @param socket path of the runner's */
export function unitLineOpener(socket: string): LineOpener {
  return async ({ path, speed }) => {
    const session = await openSession(socket, { verb: 'open-line', path, speed });
    const { done, value: first } = await session.answers.next();
    if (done || !('result' in first)) {
      session.close();
      throw done || !('reason' in first) ? brokenOff('runner') : new WaltError(first.reason);
    }
    return {
      file: String(first.result),
      bytes: outputOf(session.answers),
      write: (bytes) => session.type({ input: Buffer.from(bytes).toString('base64') }),
      close: () => session.close(),
    };
  };
}

async function* outputOf(answers: AsyncIterable<RunnerAnswer>): AsyncGenerator<Uint8Array> {
  for await (const answer of answers) {
    if ('output' in answer) yield Buffer.from(answer.output, 'base64');
  }
}
