// Waiting for a growing text (a log, a serial console) to say something, with a bound.
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../agent/errors.ts';

const LOOK_MS = 200;

/**
 * Reads again and again until the text, from its `after`th character on, matches.
 * @returns the whole text
 * @throws {WaltError} after `seconds`; it says what was awaited and how the text ends
 */
export async function waitForText(
  read: () => Promise<string>,
  pattern: RegExp,
  {
    what,
    seconds,
    after = 0,
    everyMs = LOOK_MS,
  }: {
    readonly what: string;
    readonly seconds: number;
    readonly after?: number;
    readonly everyMs?: number;
  },
): Promise<string> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const text = await read();
    if (pattern.test(text.slice(after))) return text;
    if (Date.now() > end) {
      const tail = text.slice(-3000);
      throw new WaltError(
        `Waited ${seconds} s for ${pattern} in ${what}, which ends with:\n${tail}`,
      );
    }
    await sleep(everyMs);
  }
}
