// The command `walt` of a platform: a script that people type, and how the platform itself calls it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PlatformPaths } from '../paths.ts';

/**
 * Writes the script. The platform is where it goes unless somebody says otherwise: WALT_SOCKET and WALT_SERVER win, and so does a
 * login.
 * @param start what starts the platform, for whoever finds no server there
 */
export async function writeLauncher(paths: PlatformPaths, start: string): Promise<void> {
  const script = `#!/bin/sh
export WALT_USUAL_SOCKET=${quote(paths.socket)}
export WALT_START_COMMAND=${quote(start)}
exec ${quote(paths.node)} ${quote(paths.cli)} "$@"
`;
  await mkdir(dirname(paths.launcher), { recursive: true });
  await writeFile(paths.launcher, script, { mode: 0o755 });
}

/** The same command for the server of the platform, whatever the environment names and whoever has logged in elsewhere. */
export function waltCommand(
  { launcher, socket }: Pick<PlatformPaths, 'launcher' | 'socket'>,
  ...words: readonly string[]
): [program: string, ...args: string[]] {
  return ['env', '--unset=WALT_SERVER', `WALT_SOCKET=${socket}`, launcher, ...words];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
