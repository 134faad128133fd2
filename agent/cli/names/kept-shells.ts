// Shells that were left without saving. The server keeps them for an hour, for whoever was in them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Reply } from '../client.ts';
import { CommandError } from '../command-line/command-error.ts';
import { timeOfDay } from '../texts/time.ts';

/** A shell that is kept. */
export type KeptShell = Reply<'images.keptShells'>['shells'][number];

/** So much of an id is shown, and typed. */
const SHORT = 8;
/** The server looks for changes when a shell is left, before it keeps it. */
const TRIES = 50;
const RETRY_MS = 200;

/**
 * The kept shell that is meant by the beginning of its id.
 * @throws {CommandError} if there is none, or several
 */
export async function keptShell(client: Client, start: string): Promise<KeptShell> {
  const { shells } = await client.call('images.keptShells');
  const found = shells.filter(({ id }) => id.startsWith(start));
  const [shell] = found;
  if (shell !== undefined && found.length === 1) return shell;
  const what = found.length === 0 ? 'No shell is kept' : 'Several shells are kept';
  throw new CommandError(`${what} as '${start}'. See walt image shell --kept.`);
}

/** As `--resume` takes it. */
export function shortId(id: string): string {
  return id.slice(0, SHORT);
}

/** How a shell is picked up. */
export function resumeHint(id: string): string {
  return `walt image shell --resume ${shortId(id)}`;
}

/** Once a shell was left, whether it is kept, in words. */
export async function keptText(client: Client, id: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { shells } = await client.call('images.keptShells');
    const shell = shells.find((one) => one.id === id);
    if (shell !== undefined) {
      return `What you changed is kept until ${timeOfDay(shell.until).slice(0, 5)}: ${resumeHint(id)}`;
    }
    await sleep(RETRY_MS);
  }
  return 'The server could not keep what you changed: walt log show --platform says why.';
}
