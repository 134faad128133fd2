// `walt advanced dump-bash-autocomplete` and `dump-zsh-autocomplete`: scripts that teach shells the commands of the table.
import type { Command } from '../command-line/command.ts';
import { bashCompletion } from '../command-line/completion.ts';
import { zshCompletion } from '../command-line/zsh-completion.ts';

type Commands = () => readonly Command[];

/** @param commands the table, which holds this command too */
export function dumpBashAutocomplete(commands: Commands): Command {
  return dump('bash', () => bashCompletion(commands()));
}

/** As `dumpBashAutocomplete`. */
export function dumpZshAutocomplete(commands: Commands): Command {
  return dump('zsh', () => zshCompletion(commands()));
}

function dump(shell: string, script: () => string): Command {
  const name = `dump-${shell}-autocomplete`;
  return {
    category: 'advanced',
    name,
    help: `print completion for ${shell}: eval "$(walt advanced ${name})"`,
    async run(_client, _args, io) {
      io.out(script());
    },
  };
}
