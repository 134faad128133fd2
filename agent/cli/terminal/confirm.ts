// Asks before something is done that others may mind.
import { yesOrNo } from '../../host/text/yes-or-no.ts';
import { type Args, type Io, YES_OPTION } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';

/**
 * @param what is about to happen, a sentence
 * @throws {CommandError} if the person says no, or cannot be asked
 */
export async function confirm(
  what: string,
  { io, flags }: { readonly io: Pick<Io, 'ask'>; readonly flags: Args['flags'] },
): Promise<void> {
  if (flags.has(YES_OPTION.name)) return;
  if (io.ask === undefined) {
    throw new CommandError(
      `${what}\nNothing was changed: there is no terminal to ask on. Add --yes if you mean it.`,
    );
  }
  if (!(await yesOrNo(`${what} Go on? [y/N] `, { ask: io.ask, usual: false })))
    throw new CommandError('Nothing was changed.');
}
