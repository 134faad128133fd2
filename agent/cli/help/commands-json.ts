// What `walt --help --json` prints: the table of commands, for programs such as the one that writes the manual page.
import { CATEGORIES, type Command } from '../command-line/command.ts';
import { optionText, usage } from '../command-line/parse.ts';

/** The categories in their order, each with its commands: how they are typed, and what each word is for. */
export function commandsJson(commands: readonly Command[]): string {
  const categories = Object.entries(CATEGORIES).map(([name, help]) => ({
    ...{ name, help },
    commands: commands.filter(({ category }) => category === name).map(described),
  }));
  return JSON.stringify({ categories }, null, 2);
}

function described(command: Command) {
  const { arguments: expected = [], options = [] } = command;
  return {
    ...{ name: command.name, help: command.help },
    usage: usage(command).replace(/^Usage: /, ''),
    rows: [
      ...expected.map(({ name, help }) => ({ term: name, help })),
      ...options.map((option) => ({ term: optionText(option), help: option.help })),
    ],
  };
}
