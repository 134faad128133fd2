// Checks that what a file exports has a doc comment: types, classes, functions, and the methods of classes that are told
// something. `node scripts/gate/doc-comments.ts` prints what has none.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Class, type Declaration, parseSync } from 'oxc-parser';
import { typeScriptFiles } from './source-files.ts';

/** Folders where everything has to have its comment. In the others the missing ones are counted. */
const STRICT = [
  ...['agent/boot', 'agent/boots', 'agent/cli', 'agent/config', 'agent/errors.ts', 'agent/events'],
  ...['agent/host', 'agent/journal', 'agent/machines', 'agent/main.ts', 'agent/protocol'],
  ...['agent/version.ts', 'lab', 'scripts'],
];
const FOLDERS = ['agent', 'lab', 'scripts'];

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
  const isBelow = (path: string, folders: readonly string[]) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const counts = new Map<string, number>();
  for (const path of (await typeScriptFiles(root)).filter((path) => isBelow(path, FOLDERS))) {
    const found = undocumentedIn(path, await readFile(join(root, path), 'utf8'));
    if (isBelow(path, STRICT)) {
      for (const { name, line } of found)
        console.log(`${path}:${line}: ${name} has no doc comment`);
      if (found.length > 0) process.exitCode = 1;
      continue;
    }
    const folder = path.split('/').slice(0, 2).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + found.length);
  }
  const rest = [...counts]
    .filter(([, count]) => count > 0)
    .map(([folder, count]) => `${folder} ${count}`);
  if (rest.length > 0) console.log(`Doc comments that other folders lack: ${rest.join(', ')}`);
}

if (import.meta.main) await main(join(import.meta.dirname, '../..'));
