// What ends a platform, as it is typed: `npm stop` alone ends the one of the usual state folder.
import { resolve } from 'node:path';
import { USUAL_STATE } from './options.ts';
import type { PlatformPaths } from './paths.ts';

/** The command, a line of a shell. */
export function stopCommand({ root, folder }: Pick<PlatformPaths, 'root' | 'folder'>): string {
  if (folder === resolve(root, USUAL_STATE)) return 'npm stop';
  return `npm stop -- --state ${shellWord(folder)}`;
}

/** A text as one word of a shell, in quotes where it needs them. */
function shellWord(text: string): string {
  if (/^[\w./:@%+,-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
