// What starts and ends a platform, as it is typed: `npm stop` alone ends the one of the usual state folder.
import { resolve } from 'node:path';
import { shellWord } from '../../agent/ssh/quote.ts';
import { type PlatformOptions, parseOptions, USUAL_STATE } from './options.ts';
import type { PlatformPaths } from './paths.ts';

/** What ends it, a line of a shell. */
export function stopCommand({ root, folder }: Pick<PlatformPaths, 'root' | 'folder'>): string {
  if (folder === resolve(root, USUAL_STATE)) return 'npm stop';
  return `npm stop -- --state ${plainWord(folder)}`;
}

/** What starts it again, a line of a shell. */
export function startCommand(
  { root, folder }: Pick<PlatformPaths, 'root' | 'folder'>,
  { namespace, address }: Pick<PlatformOptions, 'namespace' | 'address'>,
): string {
  const usual = parseOptions([], { root, command: 'start' });
  const words = [
    ...(folder === usual.state ? [] : ['--state', plainWord(folder)]),
    ...(namespace === usual.namespace ? [] : ['--namespace', namespace]),
    ...(address === usual.address ? [] : ['--address', address]),
  ];
  return words.length === 0 ? 'npm start' : `npm start -- ${words.join(' ')}`;
}

/** People read it: in quotes only where a shell needs them. */
function plainWord(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : shellWord(text);
}
