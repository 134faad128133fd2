// What `walt --help`, `walt node` and `walt node show --help` print, made from the table of commands.
import { CATEGORIES, type Category, type Command } from '../command-line/command.ts';
import { optionText, usage } from '../command-line/parse.ts';

/** All commands, by category. */
export function overview(commands: readonly Command[]): string {
  const names = Object.keys(CATEGORIES) as Category[];
  return [
    'Usage: walt CATEGORY COMMAND …',
    ...names.flatMap((category) => ['', ...section(category, commands)]),
    '',
    'walt CATEGORY COMMAND --help explains a command, walt help tells of the platform. walt --version tells the version.',
    'walt --help --json prints all commands for programs.',
  ].join('\n');
}

/** What `walt CATEGORY --help` prints: the commands of the category, a line each. */
export function categoryHelp(category: Category, commands: readonly Command[]): string {
  return [
    `Usage: walt ${category} COMMAND …`,
    '',
    ...section(category, commands),
    '',
    `walt ${category} COMMAND --help explains a command.`,
  ].join('\n');
}

/** What `walt CATEGORY COMMAND --help` prints: how it is typed, and a line for each argument and option. */
export function commandHelp(command: Command): string {
  const words = (command.arguments ?? []).map(({ name, help }) => [name, help] as const);
  const switches = (command.options ?? []).map(
    (option) => [optionText(option), option.help] as const,
  );
  const rows = [...words, ...switches];
  const lines = [usage(command), '', `${capitalized(command.help)}.`];
  return (rows.length === 0 ? lines : [...lines, '', ...aligned(rows)]).join('\n');
}

function section(category: Category, commands: readonly Command[]): string[] {
  const inside = commands.filter((command) => command.category === category);
  return [
    `${category}: ${CATEGORIES[category]}`,
    ...aligned(inside.map(({ name, help }) => [name, help] as const)),
  ];
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
