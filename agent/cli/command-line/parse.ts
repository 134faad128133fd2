// From the words of the command line to the command they name and what it is given.
import { parseArgs } from 'node:util';
import { nearest } from '../../host/text/nearest.ts';
import { type Args, CATEGORIES, type Category, type Command, type Option } from './command.ts';
import { CommandError } from './command-error.ts';

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly args: Args }
  | { readonly kind: 'version'; readonly asJson: boolean }
  /** all commands, for programs */
  | { readonly kind: 'table' }
  /** help on everything, on a category, or on a command */
  | { readonly kind: 'help'; readonly category?: Category; readonly command?: Command };

const HELP_WORDS = new Set(['--help', '-h']);

/** What people type when something is wrong has no category. */
export const DOCTOR = 'doctor';
const WAYS: readonly string[] = ['login', 'logout'];

/** @throws {CommandError} naming what is unknown, missing or too much */
export function parse(typed: readonly string[], commands: readonly Command[]): Parsed {
  const argv = withCategory(typed);
  const [first, second, ...rest] = argv;
  if (first === '--help' && second === '--json') return { kind: 'table' };
  if (first === undefined || HELP_WORDS.has(first)) return { kind: 'help' };
  if (first === 'help') return parseHelp(argv.slice(1), commands);
  if (first === '--version' || first === 'version') {
    return { kind: 'version', asJson: argv.includes('--json') };
  }
  if (first.startsWith('-')) {
    throw unknown(`walt: unknown option '${first}'`, first, ['--help', '--version']);
  }
  const category = findCategory(first, second);
  if (second === undefined || HELP_WORDS.has(second)) return { kind: 'help', category };
  const command = findCommand(category, second, commands);
  if (splitRest(rest).own.some((word) => HELP_WORDS.has(word)))
    return { kind: 'help', category, command };
  return { kind: 'run', command, args: parseRest(rest, command) };
}

function withCategory(typed: readonly string[]): readonly string[] {
  const [first = ''] = typed;
  if (first === DOCTOR) return ['advanced', ...typed];
  return WAYS.includes(first) ? ['user', ...typed] : typed;
}

/** `walt help` is the first page; `walt help WORD` is a page too, or what `--help` says of a category or a command. */
function parseHelp(words: readonly string[], commands: readonly Command[]): Parsed {
  const [first, second] = words;
  const inside = commands.filter(({ category }) => category === 'help');
  if (first !== undefined && HELP_WORDS.has(first)) return { kind: 'help', category: 'help' };
  if (first !== undefined && Object.hasOwn(CATEGORIES, first)) {
    return parse([first, ...(second === undefined ? [] : [second]), '--help'], commands);
  }
  const command = inside.find(({ name }) => name === first);
  const show = inside.find(({ name }) => name === 'show');
  const [asked, rest] = command === undefined ? [show, words] : [command, words.slice(1)];
  if (asked === undefined) throw new RangeError('Cannot show help: the table lacks help show');
  if (rest.some((word) => HELP_WORDS.has(word))) {
    return { kind: 'help', category: 'help', command: asked };
  }
  return { kind: 'run', command: asked, args: parseRest(rest, asked) };
}

function findCategory(word: string, next = ''): Category {
  const names = Object.keys(CATEGORIES);
  if (names.includes(word)) return word as Category;
  if (names.includes(next)) {
    throw new CommandError(
      `walt: unknown category '${word}'. The category comes first: walt ${next} ${word}`,
    );
  }
  throw unknown(`walt: unknown category '${word}'`, word, [...names, DOCTOR, ...WAYS]);
}

function findCommand(category: Category, word: string, commands: readonly Command[]): Command {
  const inside = commands.filter((command) => command.category === category);
  const command = inside.find(({ name }) => name === word);
  if (command !== undefined) return command;
  const names = inside.map(({ name }) => name);
  throw unknown(`walt ${category}: unknown command '${word}'`, word, names);
}

function parseRest(rest: readonly string[], command: Command): Args {
  const title = `walt ${command.category} ${command.name}`;
  const options = command.options ?? [];
  const { own, verbatim } = splitRest(rest);
  const { tokens } = parseArgs({
    args: joinValues(own, options),
    options: Object.fromEntries(
      options.map(({ name, short, value }) => [
        name,
        {
          type: value === undefined ? 'boolean' : 'string',
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = findOption(token, { title, options });
    const value = checkValue(option, token.value, title);
    if (value === undefined) flags.add(option.name);
    else values.set(option.name, value);
  }
  if (words.includes(''))
    throw new CommandError(`${title}: one of its words is empty\n${usage(command)}`);
  words.push(...verbatim);
  checkWords(words, command, title);
  return { words, flags, values };
}

/** Behind two dashes no word is an option, or help: they are a command for others. */
function splitRest(rest: readonly string[]): {
  own: readonly string[];
  verbatim: readonly string[];
} {
  const end = rest.indexOf('--');
  if (end < 0) return { own: rest, verbatim: [] };
  return { own: rest.slice(0, end), verbatim: rest.slice(end + 1) };
}

/** A value may begin with a dash, as in `--history -5m:`; joined to its option it is told from an option. */
function joinValues(rest: readonly string[], options: readonly Option[]): string[] {
  const longOf = new Map(options.map(({ name, short }) => [`-${short}`, `--${name}`]));
  const withValue = new Set(options.filter(hasValue).map(({ name }) => `--${name}`));
  const known = new Set(options.map(({ name }) => `--${name}`));
  const joined: string[] = [];
  for (const typed of rest) {
    const word = longOf.get(typed) ?? typed;
    const last = joined.at(-1) ?? '';
    if (withValue.has(last)) joined.splice(-1, 1, `${last}=${known.has(word) ? '' : word}`);
    if (!withValue.has(last) || known.has(word)) joined.push(word);
  }
  return joined;
}

function findOption(
  token: { readonly name: string; readonly rawName: string },
  { title, options }: { readonly title: string; readonly options: readonly Option[] },
): Option {
  const option = options.find(({ name }) => name === token.name && token.rawName === `--${name}`);
  if (option !== undefined) return option;
  const names = options.map(({ name }) => `--${name}`);
  throw unknown(`${title}: unknown option '${token.rawName}'`, token.rawName, names);
}

/** @returns undefined for a flag */
function checkValue(option: Option, value: string | undefined, title: string): string | undefined {
  if (!hasValue(option)) {
    if (value === undefined) return undefined;
    throw new CommandError(`${title}: option --${option.name} takes no value, but got '${value}'`);
  }
  if (value !== undefined && value !== '') return value;
  throw new CommandError(
    `${title}: option --${option.name} needs a value: --${option.name} ${option.value} (${option.help})`,
  );
}

function checkWords(words: readonly string[], command: Command, title: string): void {
  const expected = command.arguments ?? [];
  const missing = expected[words.length];
  if (missing !== undefined && missing.isOptional !== true) {
    throw new CommandError(
      `${title}: missing ${missing.name} (${missing.help})\n${usage(command)}`,
    );
  }
  const isOpen = expected.at(-1)?.isList === true;
  const extra = words[expected.length];
  if (isOpen || extra === undefined) return;
  throw new CommandError(`${title}: '${extra}' is one word too many\n${usage(command)}`);
}

/** `Usage: walt node wait NAMES… [--timeout S]` */
export function usage({ category, name, arguments: expected = [], options = [] }: Command): string {
  const words = expected.map((argument) => {
    const text = argument.isList === true ? `${argument.name}…` : argument.name;
    return argument.isOptional === true ? `[${text}]` : text;
  });
  const switches = options.map((option) => `[${optionText(option)}]`);
  return ['Usage: walt', category, name, ...words, ...switches].join(' ');
}

/** An option as help shows it: `--json`, or `--timeout SECONDS`. */
export function optionText({ name, short, value }: Option): string {
  const words = short === undefined ? `--${name}` : `-${short}|--${name}`;
  return value === undefined ? words : `${words} ${value}`;
}

function hasValue(option: Option): boolean {
  return option.value !== undefined;
}

function unknown(complaint: string, word: string, known: readonly string[]): CommandError {
  const guess = nearest(word, known);
  const hint = guess === undefined ? '' : `. Did you mean '${guess}'?`;
  const list = known.length === 0 ? 'There is none here.' : `Known: ${known.join(', ')}`;
  return new CommandError(`${complaint}${hint}\n${list}`);
}
