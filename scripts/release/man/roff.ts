// Writes manual pages, in the few macros of man(7) that all readers of them know.

/** A part of a page. */
export type ManPart =
  | { readonly kind: 'heading' | 'subheading' | 'paragraph'; readonly text: string }
  /** lines as they are typed, in bold */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** a word or an option, and what it is for; parts of its own may follow */
  | { readonly kind: 'row'; readonly term: string; readonly parts: readonly ManPart[] };

/** What stands above and below all pages of it. */
export type ManPage = {
  readonly name: string;
  readonly section: 1 | 8;
  readonly version: string;
  /** seconds since 1970 */
  readonly date: number;
  readonly parts: readonly ManPart[];
};

/** No line is longer, but for words that are. */
const WIDTH = 79;

/** The page as roff. */
export function manPage({ name, section, version, date, parts }: ManPage): string {
  const day = new Date(date * 1000).toISOString().slice(0, 10);
  const title = `.TH ${escaped(name.toUpperCase())} ${section} ${day} "WalT ${escaped(version)}" "WalT"`;
  const macros = [title, ...parts.flatMap(macrosOf)];
  return `${macros.filter((line, at) => !isNeedless(line, macros[at - 1])).join('\n')}\n`;
}

/** A heading begins a paragraph already. */
function isNeedless(line: string, before = ''): boolean {
  return line === '.PP' && /^\.S[HS] /.test(before);
}

function macrosOf(part: ManPart): string[] {
  switch (part.kind) {
    case 'heading':
      return [`.SH ${escaped(part.text.toUpperCase())}`];
    case 'subheading':
      return [`.SS ${escaped(part.text)}`];
    case 'paragraph':
      return ['.PP', ...textLines(part.text)];
    case 'lines':
      return ['.PP', '.nf', ...part.lines.map((line) => `\\fB${escaped(line)}\\fR`), '.fi'];
    case 'row':
      return ['.TP', `\\fB${escaped(part.term)}\\fR`, ...part.parts.flatMap(insideRow)];
  }
}

/** What a row says stands beside its word; rows inside are set further in. */
function insideRow(part: ManPart): string[] {
  if (part.kind === 'paragraph') return textLines(part.text);
  return ['.RS', ...macrosOf(part), '.RE'];
}

/** A dot or an apostrophe in front would be a request. */
function textLines(text: string): string[] {
  const lines: string[] = [];
  for (const word of escaped(text).split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= WIDTH) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map((line) => line.replace(/^[.']/, '\\&$&'));
}

/** A hyphen is a minus sign, so that what is copied can be typed; other letters than those of ASCII are named. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/[^\n -~]/gu, (letter) => `\\[u${hex(letter)}]`);
}

function hex(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
