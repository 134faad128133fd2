// The commands of `walt` as parts of its page, out of what `walt --help --json` says.
import type { ManPart } from './roff.ts';

/** The part of that answer which pages are made of. */
export type CommandTable = {
  readonly categories: readonly {
    readonly name: string;
    readonly help: string;
    readonly commands: readonly TableCommand[];
  }[];
};

type TableCommand = {
  readonly help: string;
  readonly usage: string;
  readonly rows: readonly { readonly term: string; readonly help: string }[];
};

/** All of them, by category. */
export function commandParts({ categories }: CommandTable): ManPart[] {
  return [
    { kind: 'heading', text: 'Synopsis' },
    { kind: 'lines', lines: ['walt CATEGORY COMMAND …', 'walt --help', 'walt --version [--json]'] },
    { kind: 'heading', text: 'Commands' },
    ...categories.flatMap(({ name, help, commands }): ManPart[] => [
      { kind: 'subheading', text: `walt ${name}: ${help}` },
      ...commands.map(oneCommand),
    ]),
  ];
}

function oneCommand({ usage, help, rows }: TableCommand): ManPart {
  const meanings = rows.map(({ term, help: text }): ManPart => {
    return { kind: 'row', term, parts: [{ kind: 'paragraph', text }] };
  });
  return {
    kind: 'row',
    term: usage,
    parts: [{ kind: 'paragraph', text: `${help}.` }, ...meanings],
  };
}
