// The lines of an iPXE script: comments, labels, continuation, and the commands that `&&` and `||` connect.
// Words are what lies between blanks: iPXE knows no quotes (its src/core/exec.c and src/image/script.c).

/** When a command is run, by how the one before it in the line ended. */
export type Connector = 'always' | 'on-success' | 'on-failure';

/** One command of a line, settings not filled in yet. */
export type ScriptCommand = {
  readonly when: Connector;
  readonly words: readonly string[];
};

/** A line of a script, with the lines that continue it. */
export type ScriptLine = {
  /** counted from 1; of a continued line, its first */
  readonly number: number;
  readonly label?: string;
  readonly commands: readonly ScriptCommand[];
};

const CONNECTORS: Readonly<Record<string, Connector>> = {
  '&&': 'on-success',
  '||': 'on-failure',
  ';': 'always',
};

/** What C's isspace() takes for a blank: a byte of a letter with an accent is none. */
const BLANKS = /[ \t\n\v\f\r]+/;

/** Whether iPXE would run the file: its first line says so (iPXE's src/image/script.c; gPXE is its ancestor). */
export function isScript(text: string): boolean {
  return /^#!(?:ipxe|gpxe)[ \t\n\v\f\r]/.test(text);
}

/** All lines of a script, the empty ones too. */
export function readLines(text: string): ScriptLine[] {
  const lines: ScriptLine[] = [];
  let joined = '';
  let first = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    if (joined === '') first = index + 1;
    const line = joined + raw.replace(/\r$/, '');
    if (line.endsWith('\\')) {
      joined = line.slice(0, -1);
      continue;
    }
    joined = '';
    lines.push(readLine(line, first));
  }
  if (joined !== '') lines.push(readLine(joined, first));
  return lines;
}

function readLine(line: string, number: number): ScriptLine {
  const [, label, rest = ''] = /^[ \t\v\f\r]*:([^ \t\v\f\r]*)(.*)$/s.exec(line) ?? [
    undefined,
    undefined,
    line,
  ];
  const commands = readCommands(rest);
  return label === undefined ? { number, commands } : { number, label, commands };
}

function readCommands(text: string): ScriptCommand[] {
  const commands: ScriptCommand[] = [];
  let when: Connector = 'always';
  let words: string[] = [];
  for (const word of text.split(BLANKS).filter((word) => word !== '')) {
    if (word.startsWith('#')) break;
    const connector = CONNECTORS[word];
    if (connector === undefined) {
      words.push(word);
      continue;
    }
    commands.push({ when, words });
    when = connector;
    words = [];
  }
  return [...commands, { when, words }];
}
