// For what is done to one device after the other and cannot be undone: each device is named, no set stands for several.
import { didYouMean } from '../../host/text/nearest.ts';
import type { Client } from '../client.ts';
import { CommandError } from '../command-line/command-error.ts';
import { NoServerError } from '../no-server-error.ts';
import { DEVICE_SETS, splitNames } from './node-names.ts';

/**
 * Does something to each of the named devices, once all of them are known to be there. One that fails keeps none of the others
 * back.
 * @param steps.before asks the person, before anything is done; `act` is told its answer
 * @throws {CommandError} naming what is not there, with nothing done; or why some failed
 */
export async function forEachNamed<Answer>(
  words: readonly string[],
  steps: {
    readonly client: Client;
    readonly before: (names: readonly string[]) => Promise<Answer>;
    readonly act: (name: string, answer: Answer) => Promise<void>;
  },
): Promise<void> {
  const { client, before, act } = steps;
  const names = splitNames(words);
  await requireKnown(names, client);
  const answer = await before(names);
  const failures: string[] = [];
  for (const name of names) {
    try {
      await act(name, answer);
    } catch (thrown) {
      if (!(thrown instanceof CommandError) || thrown instanceof NoServerError) throw thrown;
      failures.push(thrown.message);
    }
  }
  if (failures.length > 0) throw new CommandError(failures.join('\n'));
}

/** One alone is for the server to refuse: it knows more to say. */
async function requireKnown(names: readonly string[], client: Client): Promise<void> {
  const set = names.find((name) => DEVICE_SETS.includes(name));
  if (set !== undefined) {
    throw new CommandError(
      `Nothing was changed: '${set}' stands for several devices, and this cannot be undone. Name each of them.`,
    );
  }
  if (names.length === 1) return;
  const { devices } = await client.call('devices.list');
  const all = devices.map(({ name }) => name);
  const known = new Set(all.map((name) => name.toLowerCase()));
  const missing = names.filter((name) => !known.has(name.toLowerCase()));
  if (missing.length === 0) return;
  throw new CommandError(
    missing
      .map(
        (name) =>
          `Nothing was changed: No device with name '${name}' found.${didYouMean(name, all)} See walt device show.`,
      )
      .join('\n'),
  );
}
