// Checks that what a file exports has a doc comment: types, classes, functions, and the methods of classes that are told
// something. `node scripts/gate/doc-comments.ts` prints what has none.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Class, type Declaration, parseSync } from 'oxc-parser';
import { typeScriptFiles } from './source-files.ts';

/** Folders where everything has to have its comment. */
const FOLDERS = ['agent', 'lab', 'page', 'scripts'];

/** Something that others use, and that no comment describes. */
export type Undocumented = {
  /** A method with its class: `Reader.bytes`. */
  readonly name: string;
  /** Counts from 1. */
  readonly line: number;
};

/**
 * What the file at `path` with this content exports without a doc comment (a block that begins with two stars, directly
 * above). Of a function with several signatures the first one counts. Throws a SyntaxError where it is no TypeScript.
 */
export function undocumentedIn(path: string, text: string): Undocumented[] {
  const { program, comments, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new SyntaxError(`Cannot read ${path}: ${errors[0].message}`);
  const ends = comments
    .filter(({ type, value }) => type === 'Block' && /^\*[\s*]*[^\s*]/.test(value))
    .map(({ end }) => end);
  const isDocumented = ({ start }: Place) =>
    ends.some((end) => end <= start && /^[^\S\n]*\n?[^\S\n]*$/.test(text.slice(end, start)));
  const seen = new Set<string>();
  return program.body
    .flatMap((statement) =>
      (statement.type === 'ExportNamedDeclaration' ||
        statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration !== null
        ? thingsIn(statement.declaration as Declaration, statement.start)
        : [],
    )
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .filter((place) => !isDocumented(place))
    .map(({ name, start }) => ({ name, line: text.slice(0, start).split('\n').length }));
}

type Place = { readonly name: string; readonly start: number };

function thingsIn(declaration: Declaration, start: number): Place[] {
  switch (declaration.type) {
    case 'ClassDeclaration':
      return [{ name: declaration.id?.name ?? 'default', start }, ...methodsOf(declaration)];
    case 'VariableDeclaration':
      return declaration.declarations.flatMap(({ id, init }) =>
        id.type === 'Identifier' && init?.type === 'ArrowFunctionExpression'
          ? [{ name: id.name, start }]
          : [],
      );
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return [{ name: declaration.id?.name ?? 'default', start }];
    default:
      return [];
  }
}

function methodsOf({ id, body }: Class): Place[] {
  return body.body.flatMap((member) =>
    member.type === 'MethodDefinition' &&
    member.kind === 'method' &&
    member.key.type === 'Identifier' &&
    member.value.params.length > 0
      ? [{ name: `${id?.name ?? 'default'}.${member.key.name}`, start: member.start }]
      : [],
  );
}

async function main(root: string): Promise<void> {
  const isChecked = (path: string) => FOLDERS.some((folder) => path.startsWith(`${folder}/`));
  for (const path of (await typeScriptFiles(root)).filter(isChecked)) {
    for (const { name, line } of undocumentedIn(path, await readFile(join(root, path), 'utf8'))) {
      console.log(`${path}:${line}: ${name} has no doc comment`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) await main(join(import.meta.dirname, '../..'));
