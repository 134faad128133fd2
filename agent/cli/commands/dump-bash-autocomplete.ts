// `walt advanced dump-bash-autocomplete`: a script that teaches bash the commands of the table.
import type { Command } from '../command-line/command.ts';
import { bashCompletion } from '../command-line/completion.ts';

/** @param commands the table, which holds this command too */
export function dumpBashAutocomplete(commands: () => readonly Command[]): Command {
  return {
    category: 'advanced',
    name: 'dump-bash-autocomplete',
    help: 'print completion for bash: eval "$(walt advanced dump-bash-autocomplete)"',
    async run(_client, _args, io) {
      io.out(bashCompletion(commands()));
    },
  };
}
