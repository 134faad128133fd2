// The synopsis, description and options of a page, out of what a program says with --help.
import type { ManPart } from './roff.ts';

const USAGE = 'Usage: ';

/**
 * A help text has three kinds of paragraphs, with an empty line between: how the program is called, sentences, and rows of a word
 * and what it is for.
 */
export function usageParts(help: string): ManPart[] {
  const [usage = '', ...others] = help.trimEnd().split(/\n\n+/);
  const calls = usage.split('\n').map((line) => line.slice(USAGE.length).trim());
  const isRows = (text: string) => text.startsWith('  ');
  return [
    { kind: 'heading', text: 'Synopsis' },
    { kind: 'lines', lines: calls },
    { kind: 'heading', text: 'Description' },
    ...others
      .filter((text) => !isRows(text))
      .map((text) => ({ kind: 'paragraph', text: oneLine(text) }) as const),
    { kind: 'heading', text: 'Options' },
    ...others.filter(isRows).flatMap(rows),
  ];
}

/** What is for a word may go on in lines that are set further in. */
function rows(text: string): ManPart[] {
  return text.split(/\n(?= {2}\S)/).map((row) => {
    const [, term = '', help = ''] = /^ {2}(\S.*?) {2,}(.+)$/s.exec(row) ?? [];
    if (term === '')
      throw new Error(`Cannot make a manual page: '${row}' is no row of a help text`);
    return { kind: 'row', term, parts: [{ kind: 'paragraph', text: oneLine(help) }] };
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
