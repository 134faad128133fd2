// Reads the log over restarts of the server: goes on behind the last line that was read.
import type { LogView } from '../../api/calls/logs.ts';
import type { Asked, Client } from '../client.ts';
import type { Io } from '../command-line/command.ts';
import { NoServerError } from '../no-server-error.ts';
import { untilBack } from '../until-back.ts';

/**
 * The lines that are asked for, each once.
 * @param end milliseconds of the steady clock, at which no new lines are waited for any more
 * @throws {NoServerError} if the server stays away
 */
export async function* resumedLines(
  client: Client,
  asked: Asked<'logs.read'>,
  io: Io,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<LogView> {
  let { after } = asked;
  for (;;) {
    const seconds = (end - performance.now()) / 1000;
    if (seconds <= 0) return;
    const bound = seconds === Number.POSITIVE_INFINITY ? {} : { seconds };
    try {
      for await (const log of client.lines('logs.read', { ...asked, ...bound, after })) {
        after = log.id;
        yield log;
      }
      return;
    } catch (gone) {
      if (!(gone instanceof NoServerError)) throw gone;
      await untilBack(() => client.call('server.version'), { gone, io });
    }
  }
}
