// What starts and ends a platform, as it is typed: `npm stop` alone ends the one of the usual state folder.
import { resolve } from 'node:path';
import { type PlatformOptions, parseOptions, USUAL_STATE } from './options.ts';
import type { PlatformPaths } from './paths.ts';

/** What ends it, a line of a shell. */
export function stopCommand({ root, folder }: Pick<PlatformPaths, 'root' | 'folder'>): string {
  if (folder === resolve(root, USUAL_STATE)) return 'npm stop';
  return `npm stop -- --state ${shellWord(folder)}`;
}

/** What starts it again, a line of a shell. */
export function startCommand(
  { root, folder }: Pick<PlatformPaths, 'root' | 'folder'>,
  { namespace, address }: Pick<PlatformOptions, 'namespace' | 'address'>,
): string {
  const usual = parseOptions([], { root, command: 'start' });
  const words = [
    ...(folder === usual.state ? [] : ['--state', shellWord(folder)]),
    ...(namespace === usual.namespace ? [] : ['--namespace', namespace]),
    ...(address === usual.address ? [] : ['--address', address]),
  ];
  return words.length === 0 ? 'npm start' : `npm start -- ${words.join(' ')}`;
}

/** A text as one word of a shell, in quotes where it needs them. */
function shellWord(text: string): string {
  if (/^[\w./:@%+,-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
