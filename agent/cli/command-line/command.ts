// What a command of `walt` is: data that help, completion and the parser read, and one function.
import type { Client } from '../client.ts';
import type { LoginFile } from '../remote/login-file.ts';
import type { Named } from '../remote/place.ts';
import type { StyledLine } from '../terminal/styled-text.ts';

/** One command of `walt`, typed as `walt CATEGORY NAME …`. */
export type Command = {
  readonly category: Category;
  readonly name: string;
  /** one line */
  readonly help: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** @throws {CommandError} if what was asked could not be done */
  readonly run: (client: Client, args: Args, io: Io) => Promise<void>;
};

/** In the order of `walt --help`. */
export const CATEGORIES = {
  image: 'the images that nodes boot',
  node: 'the nodes of this platform',
  media: 'what machines are started from: sticks, cards, archives',
  log: 'what the platform has seen',
  device: 'everything seen on the network of the nodes',
  user: 'who may use the server from other machines',
  token: 'by what your programs prove whose they are',
  advanced: 'for special needs',
  help: 'help pages',
} as const;

/** The first word of a command. */
export type Category = keyof typeof CATEGORIES;

/** A word that follows the name of a command, in the order of the table. */
export type Argument = {
  /** in capitals, as shown in help */
  readonly name: string;
  readonly help: string;
  readonly isOptional?: boolean;
  /** takes all the words that follow */
  readonly isList?: boolean;
  /** what completion offers; without it, files */
  readonly names?: NameKind;
};

/**
 * Kinds of names that the server, or the command itself, can list. Of a setting the key comes first, and then its value; those of a
 * `new-setting` are for a virtual node that is not there yet. An image-path or node-path is a file of this machine too.
 */
export type NameKind =
  | 'nodes'
  | 'node'
  | 'devices'
  | 'device'
  | 'own-image'
  | 'image-path'
  | 'node-path'
  | 'boot-image'
  | 'link'
  | 'medium'
  | 'disk-medium'
  | 'setting'
  | 'setting-value'
  | 'new-setting'
  | 'new-setting-value'
  | 'power-verb'
  | 'checkpoint'
  | 'topic';

/** A word that begins with `--`. It may stand anywhere behind the command's name. */
export type Option = {
  /** without the dashes */
  readonly name: string;
  /** one letter, typed behind one dash */
  readonly short?: string;
  /** what its value is called; an option without it is a flag */
  readonly value?: string;
  readonly help: string;
};

/** What the person typed for one command, checked against its arguments and options. */
export type Args = {
  /** the words for `arguments`, in their order */
  readonly words: readonly string[];
  /** names of the flags that were given */
  readonly flags: ReadonlySet<string>;
  /** values of the other options that were given */
  readonly values: ReadonlyMap<string, string>;
};

/** Where a command meets the person who typed it. */
export type Io = {
  /** Writes a line to standard output. */
  readonly out: (line: string) => void;
  /** Shows text with styles, a page at a time, on a terminal; elsewhere it is plain. */
  readonly page: (lines: readonly StyledLine[]) => Promise<void>;
  /** of the terminal that shows standard output; undefined where that is none */
  readonly columns?: number | undefined;
  /** Writes a line to standard error: what is no result. */
  readonly note: (line: string) => void;
  /** Shows a line that replaces the one shown before, on a terminal; a line of its own elsewhere. */
  readonly live: LiveLine;
  /**
   * Asks the person, who answers with a line; undefined if they left the question (ctrl-C, ctrl-D, the terminal is closed,
   * the command is ended). Missing where there is no terminal to ask on.
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** As `ask`; what is typed is not shown. */
  readonly askSecret?: (question: string) => Promise<string | undefined>;
  /** Standard input and output as they are, for a program that runs elsewhere. */
  readonly wire: Wire;
  /** name of the person, who owns the images `<user>/…` */
  readonly user: string;
  /** where a login to another machine is kept; missing where there is no home folder */
  readonly login?: LoginFile;
  /** what wins over a login; undefined where nothing does */
  readonly named?: Named | undefined;
  /** to which paths are relative */
  readonly folder: string;
  /** aborts on ctrl-C */
  readonly signal: AbortSignal;
};

/** How large a terminal is. */
export type TerminalSize = { readonly columns: number; readonly rows: number };

/** Bytes from and to whoever typed the command. */
export type Wire = {
  /** The terminal, with the value of TERM; undefined where input is none. */
  readonly terminal: () => (TerminalSize & { readonly type: string }) | undefined;
  /**
   * Hands over what is typed, each key as it is, until the function that it returns is called.
   * @param taker.onInput the next input comes when it resolves
   */
  readonly connect: (taker: {
    readonly onInput: (bytes: Uint8Array) => Promise<void>;
    readonly onEnd: () => void;
    readonly onResize: (size: TerminalSize) => void;
  }) => () => void;
  readonly write: (bytes: Uint8Array, options: { readonly isError: boolean }) => Promise<void>;
};

/** The last line on the terminal, for something that is on its way. */
export type LiveLine = {
  readonly show: (text: string) => void;
  /** Takes the shown line away, where that is possible. */
  readonly clear: () => void;
};

/** For every command that asks before it does what others may mind. */
export const YES_OPTION: Option = { name: 'yes', help: 'do it without asking' };

/** For every command that lists. */
export const JSON_OPTION: Option = { name: 'json', help: 'print JSON, as the server has it' };

/** For every command that lists things with names. */
export const NAMES_ONLY_OPTION: Option = {
  name: 'names-only',
  help: 'print names alone, one a line',
};

/** For every command that makes an image. */
export const JSON_RESULT_OPTION: Option = { name: 'json', help: 'print the image as JSON' };
export const FORCE_OPTION: Option = { name: 'force', help: 'replace an image of that name' };
