// Tests that failed: what is said of them at the end of a run, and the files that hold them.
import { basename, dirname } from 'node:path';

/** A test that failed: its title as ava prints it, and the lines that ava printed after it. */
export type Failure = { readonly title: string; readonly details: readonly string[] };

/** More lines than this tell of one failure nothing new: its message, the difference and the stack come first. */
const DETAILS = 40;

const SEPARATOR = ' › ';

/**
 * The file of a test. Ava prints a title behind the file's folders and name, without the folders that all files of the run
 * share; without any of it where the run had one file. Undefined where no file or more than one fits.
 */
export function fileOf(title: string, files: readonly string[]): string | undefined {
  if (files.length === 1) return files[0];
  const fits = files.filter((file) => prefixesOf(file).some((prefix) => title.startsWith(prefix)));
  const longest = fits.toSorted((one, other) => lengthOf(other, title) - lengthOf(one, title));
  const [first, second] = longest;
  if (first === undefined || second === undefined) return first;
  return lengthOf(first, title) > lengthOf(second, title) ? first : undefined;
}

/** What may stand before a title: `agent › net › links › `, `net › links › `, `links › `. */
function prefixesOf(file: string): string[] {
  const words = [...dirname(file).split('/'), basename(file).replace(/\.test\.\w+$/, '')];
  return words.map((_, index) => words.slice(index).join(SEPARATOR) + SEPARATOR);
}

function lengthOf(file: string, title: string): number {
  return prefixesOf(file).find((prefix) => title.startsWith(prefix))?.length ?? 0;
}

/** What failed, for the end of a log: who reads it need not search, nor have all of it. */
export function failuresText(failures: readonly Failure[]): string {
  return failures
    .flatMap(({ title, details }) => [`✘ ${title}`, ...details.slice(0, DETAILS)])
    .join('\n');
}
