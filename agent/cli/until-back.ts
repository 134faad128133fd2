// A server that is being restarted: whoever waits for something waits for the server too.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from './command-line/command.ts';
import { NoServerError } from './no-server-error.ts';

/** A server that stays away for longer is not being restarted. */
const AWAY_MS = 120_000;
const RETRY_MS = 1000;

/**
 * Asks again and again until the server answers, and tells the person that it is away, and back.
 * @param gone how it was noticed that the server has gone
 * @throws {NoServerError} if it stays away; whatever `check`, which is called before each try, throws
 */
export async function untilBack<Reply>(
  ask: () => Promise<Reply>,
  {
    gone,
    io,
    check,
  }: { readonly gone: NoServerError; readonly io: Io; readonly check?: () => void },
): Promise<Reply> {
  io.note('The server does not answer; trying again…');
  const since = performance.now();
  for (let reason = gone; ; ) {
    check?.();
    if (performance.now() - since > AWAY_MS) throw reason;
    await sleep(RETRY_MS, undefined, { signal: io.signal });
    try {
      const reply = await ask();
      io.note('The server is back.');
      return reply;
    } catch (thrown) {
      if (!(thrown instanceof NoServerError)) throw thrown;
      reason = thrown;
    }
  }
}
