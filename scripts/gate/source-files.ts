// Finds the TypeScript files (also with JSX) of the project, and what each imports.
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { parseSync, type StringLiteral, Visitor } from 'oxc-parser';
import { $ } from '../run.ts';

/** One `import`, `export … from`, or `import('…')` of a name that is written there. */
export type Import = {
  readonly kind: 'file' | 'builtin' | 'package';
  /** A file as path from the root of the project; a module of Node or a package by its name. */
  readonly target: string;
  /** Counts from 1. */
  readonly line: number;
  /** True where Node loads nothing for it: `import type`, `export type`, `import('…')` in a type. */
  readonly isTypeOnly: boolean;
};

/** A file, by its path from the root of the project. */
export type SourceFile = { readonly path: string; readonly imports: readonly Import[] };

/** Reads the TypeScript files below `root` that Git tracks, and new ones that it does not ignore. */
export async function readSourceFiles(root: string): Promise<SourceFile[]> {
  const paths = await typeScriptFiles(root);
  return Promise.all(
    paths.map(async (path) => ({
      path,
      imports: importsOf(path, await readFile(join(root, path), 'utf8')),
    })),
  );
}

/** Their paths from `root`, in alphabetical order. */
export async function typeScriptFiles(root: string): Promise<string[]> {
  return (await allFiles(root)).filter((path) => /\.tsx?$/.test(path));
}

/** The same of all files. */
export async function allFiles(root: string): Promise<string[]> {
  const list = async (...options: readonly string[]) =>
    (await $({ cwd: root })`git ls-files -z ${options}`).stdout.split('\0');
  // A deleted file stays listed until its deletion is committed.
  const deleted = new Set(await list('--deleted'));
  const paths = await list('--cached', '--others', '--exclude-standard', '--deduplicate');
  return paths.filter((path) => path !== '' && !deleted.has(path)).toSorted();
}

/** What the file at `path` with this content imports. Throws a SyntaxError where `text` is no TypeScript. */
export function importsOf(path: string, text: string): Import[] {
  const { program, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new SyntaxError(`Cannot read ${path}: ${errors[0].message}`);
  const imports: Import[] = [];
  const add = (source: StringLiteral, kind: 'type' | 'value' = 'value') => {
    const line = text.slice(0, source.start).split('\n').length;
    imports.push({ ...targetOf(path, source.value), line, isTypeOnly: kind === 'type' });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => add(source, importKind),
    ExportNamedDeclaration: ({ source, exportKind }) => source && add(source, exportKind),
    ExportAllDeclaration: ({ source, exportKind }) => add(source, exportKind),
    TSImportType: ({ source }) => add(source, 'type'),
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source);
    },
  }).visit(program);
  return imports;
}

function targetOf(path: string, name: string): Pick<Import, 'kind' | 'target'> {
  if (isBuiltin(name)) return { kind: 'builtin', target: name };
  if (!name.startsWith('.')) return { kind: 'package', target: name };
  return { kind: 'file', target: posix.join(posix.dirname(path), name) };
}
