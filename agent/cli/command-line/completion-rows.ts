// What the completion scripts of all shells are made of. A script has these words as its own, so that only names of nodes,
// images and the like are asked of `walt`.
import { CATEGORIES, type Command } from './command.ts';
import { DOCTOR } from './parse.ts';

/** What the first word may be. */
export function firstWords(): string {
  return `${Object.keys(CATEGORIES).join(' ')} ${DOCTOR} --help --version`;
}

/** Branches of a `case` on the category and the name of the command, with a colon between. */
export function commandBranches(commands: readonly Command[]): string {
  return commands.map(commandBranch).join('\n');
}

/**
 * Branches of a `case` on the category: what the second word may be.
 * @param write makes the commands of a branch of the offered words
 */
export function categoryBranches(
  commands: readonly Command[],
  write: (offered: string) => string,
): string {
  return Object.keys(CATEGORIES)
    .map((category) => `      ${category}) ${write(`${namesOf(category, commands)} --help`)} ;;`)
    .join('\n');
}

/** Kinds of its arguments, `+` behind that of a list; its options; those of them that take a value. */
function commandBranch({ category, name, arguments: list = [], options = [] }: Command): string {
  const kinds = list.map(({ names = 'none', isList }) => `${names}${isList === true ? '+' : ''}`);
  const valued = options.filter(({ value }) => value !== undefined);
  const dashed = (some: typeof options) => some.map((option) => `--${option.name}`).join(' ');
  const all = `${dashed(options)} --help`.trimStart();
  return `    ${category}:${name}) kinds="${kinds.join(' ')}" options="${all}" valued=" ${dashed(valued)} " ;;`;
}

function namesOf(category: string, commands: readonly Command[]): string {
  return commands
    .filter((command) => command.category === category)
    .map(({ name }) => name)
    .join(' ');
}
