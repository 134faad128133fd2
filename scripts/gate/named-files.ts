// Checks that files which comments, docs and scripts name by their folder are there: `scripts/gate/tap.ts`, or its end, `gate/tap.ts`.
// `node scripts/gate/named-files.ts` prints what is gone. Imports are the compiler's.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allFiles } from './source-files.ts';

/** A name of a file that is not there. */
export type Gone = {
  readonly name: string;
  /** Counts from 1. */
  readonly line: number;
};

/** Tests name files that they make up, and the changelog what once was. */
const isChecked = (path: string) =>
  /\.(tsx?|md|json|sh|ya?ml)$/.test(path) && !/^(test\/|CHANGELOG\.md$|package-lock)/.test(path);

const NAME = /(?<![\w/.@{}*-])(?:[\w-]+\/)+[\w.-]+\.tsx?\b(?!\()/g;

/** @param files paths of all files that are there, from the root of the project */
export function goneIn(text: string, files: readonly string[]): Gone[] {
  return goneFrom(text, endsOf(files));
}

function goneFrom(text: string, ends: ReadonlySet<string>): Gone[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      /\b(?:from|import) ?\(?['"]/.test(line)
        ? []
        : [...line.matchAll(NAME)].map(([name]) => ({ name, line: at + 1 })),
    )
    .filter(({ name }) => !ends.has(name));
}

/** Of each path all that it may be called by: with its folders, and without the first ones. */
function endsOf(files: readonly string[]): Set<string> {
  return new Set(
    files.flatMap((path) => {
      const parts = path.split('/');
      return parts.map((_, at) => parts.slice(at).join('/'));
    }),
  );
}

async function main(root: string): Promise<void> {
  const files = await allFiles(root);
  const ends = endsOf(files);
  for (const path of files.filter(isChecked)) {
    for (const { name, line } of goneFrom(await readFile(join(root, path), 'utf8'), ends)) {
      console.log(`${path}:${line}: ${name} is not there`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) await main(join(import.meta.dirname, '../..'));
