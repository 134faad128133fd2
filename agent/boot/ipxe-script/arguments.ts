// What follows the name of a command, parted into options and words as iPXE does it (its src/core/getopt.c): options come
// first, and the first word that is none ends them.

/** Which options a command has, and how many words it takes beside them. */
export type Syntax = {
  /** long name → its letter, with a colon behind it where a value follows: `{ name: 'n:', autofree: 'a' }` */
  readonly options?: Readonly<Record<string, string>>;
  readonly least?: number;
  readonly most?: number;
};

/** What a command is given. */
export type Given = {
  readonly words: readonly string[];
  /** by long name, whichever was written: `-n kernel` is `name` → `kernel`, `--autofree` is `autofree` → '' */
  readonly options: ReadonlyMap<string, string>;
};

/** Why iPXE would not run the command. */
export type WrongArguments = { readonly wrong: string };

type Option = { readonly name: string; readonly letter: string; readonly takesValue: boolean };

/** @param words behind the command's name, settings filled in or not */
export function readArguments(words: readonly string[], syntax: Syntax): Given | WrongArguments {
  const reader = new OptionReader(words, syntax);
  const options = new Map<string, string>();
  for (const read of reader) {
    if ('wrong' in read) return read;
    options.set(read.name, read.value);
  }
  const rest = words.slice(reader.at);
  const { least = 0, most = Number.POSITIVE_INFINITY } = syntax;
  if (rest.length < least)
    return { wrong: `wants ${least} more than options, and got ${rest.length}` };
  if (rest.length > most)
    return { wrong: `takes ${most} more than options, and got ${rest.length}` };
  return { words: rest, options };
}

type ReadOption = { readonly name: string; readonly value: string } | WrongArguments;

class OptionReader implements Iterable<ReadOption> {
  readonly #words: readonly string[];
  readonly #options: readonly Option[];
  /** the first word that is no option, once all options are read */
  at = 0;

  constructor(words: readonly string[], { options = {} }: Syntax) {
    this.#words = words;
    this.#options = Object.entries(options).map(([name, spelt]) => ({
      name,
      letter: spelt.slice(0, 1),
      takesValue: spelt.endsWith(':'),
    }));
  }

  *[Symbol.iterator](): Generator<ReadOption> {
    for (let word = this.#words[this.at]; word?.startsWith('-'); word = this.#words[this.at]) {
      this.at += 1;
      if (word === '--') return;
      if (word.startsWith('--')) yield this.#long(word.slice(2));
      else yield* this.#letters(word.slice(1));
    }
  }

  #long(text: string): ReadOption {
    const [name = '', inline] = splitOnce(text);
    const option = this.#options.find((candidate) => candidate.name === name);
    if (option === undefined) return { wrong: `has no option --${name}` };
    if (option.takesValue) return this.#valued(option, inline);
    if (inline !== undefined) return { wrong: `option --${name} takes no value` };
    return { name, value: '' };
  }

  /** `-ar` is `-a -r`; what stands behind a letter that takes a value is the value. */
  *#letters(text: string): Generator<ReadOption> {
    for (let at = 0; at === 0 || at < text.length; at += 1) {
      const letter = text.slice(at, at + 1);
      const option = this.#options.find((candidate) => candidate.letter === letter);
      if (option === undefined) {
        yield { wrong: `has no option -${letter}` };
        return;
      }
      if (option.takesValue) {
        yield this.#valued(option, text.slice(at + 1) || undefined);
        return;
      }
      yield { name: option.name, value: '' };
    }
  }

  /** The next word, unless it looks like an option. */
  #valued({ name }: Option, inline: string | undefined): ReadOption {
    if (inline !== undefined) return { name, value: inline };
    const next = this.#words[this.at];
    if (next === undefined || next.startsWith('-'))
      return { wrong: `option --${name} has no value` };
    this.at += 1;
    return { name, value: next };
  }
}

function splitOnce(text: string): readonly [string, string?] {
  const at = text.indexOf('=');
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
