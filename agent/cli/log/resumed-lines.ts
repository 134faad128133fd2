// Reads the log over restarts of the server: goes on behind the last line that was read.
import type { LogView } from '../../api/calls/logs.ts';
import type { Asked, Client } from '../client.ts';
import type { Io } from '../command-line/command.ts';
import { NoServerError } from '../no-server-error.ts';
import { untilBack } from '../until-back.ts';

/**
 * The lines that are asked for, each once.
 * @throws {NoServerError} if the server stays away
 */
export async function* resumedLines(
  client: Client,
  asked: Asked<'logs.read'>,
  io: Io,
): AsyncGenerator<LogView> {
  let { after } = asked;
  for (;;) {
    try {
      for await (const log of client.lines('logs.read', { ...asked, after })) {
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
