// `walt advanced complete`: the names that completion offers for an argument, one a line.
import type { Command } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { knownNames, NAME_KINDS } from '../names/known-names.ts';

export const complete: Command = {
  category: 'advanced',
  name: 'complete',
  help: 'list the names that completion offers',
  arguments: [
    { name: 'KIND', help: `what is to be named: ${NAME_KINDS.join(', ')}` },
    { name: 'NAMES', help: 'of settings: the devices that they are for', isOptional: true },
  ],
  async run(client, { words: [word = '', of] }, io) {
    const kind = NAME_KINDS.find((known) => known === word);
    if (kind === undefined) {
      throw new CommandError(
        `There are no names of kind '${word}'. Kinds: ${NAME_KINDS.join(', ')}`,
      );
    }
    for (const name of await knownNames(kind, { client, user: io.user, of })) io.out(name);
  },
};
