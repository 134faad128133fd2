// What a person wants to set: words such as `ram=2G`.
import type { SettingView } from '../../api/calls/settings.ts';
import { didYouMean } from '../../host/text/nearest.ts';
import { CommandError } from '../command-line/command-error.ts';

type Options = {
  /** as `walt node config` */
  readonly command: string;
  /** what to do about a word that sets nothing: goes on behind the complaint */
  readonly hint?: string;
  readonly known: readonly Pick<SettingView, 'key'>[];
};

/**
 * Values by their keys. Whether a value is one is for the server to say.
 * @throws {CommandError} naming the first word that sets nothing, or that sets what an earlier one has set
 */
export function readGiven(
  words: readonly string[],
  { command, hint = '', known }: Options,
): Record<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined) {
      throw new CommandError(
        `${command}: '${word}' is no KEY=VALUE, as ram=2G.${hint === '' ? '' : ` ${hint}${word}`}`,
      );
    }
    const keys = known.map((setting) => setting.key);
    if (!keys.some((one) => one === key)) throw unknownKey(key, keys);
    if (given.has(key)) throw new CommandError(`Nothing was changed: ${key} is set twice.`);
    given.set(key, value);
  }
  return Object.fromEntries(given);
}

function unknownKey(key: string, keys: readonly string[]): CommandError {
  return new CommandError(
    `Nothing was changed: there is no setting '${key}'.${didYouMean(key, keys)} Settings: ${keys.join(', ')}`,
  );
}
