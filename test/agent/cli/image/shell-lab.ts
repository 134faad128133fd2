// A server with an image that has a shell, and `walt image shell` in it on a terminal.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

/** A server with an image of alice's that has a shell. */
export async function lab(): Promise<TestPlatform> {
  const platform = await startTestPlatform();
  const layout = await makeShellImage(join(platform.folder, 'made'));
  await platform.images.import(layout, { name: 'alice/pc:latest', progress: () => undefined });
  return platform;
}

/** What the root file system of an image has at a path. */
export async function contentOf(
  { images }: TestPlatform,
  name: string,
  path: string,
): Promise<string> {
  return await readFile(join(images.rootOf(images.keyOf(name) ?? ''), path), 'utf8');
}

export type Typed = Parameters<typeof runOnTerminal>[1]['lines'];

/** Types lines at `walt image shell …`. */
export async function type({ socket }: TestPlatform, args: string, lines: Typed) {
  const env = { WALT_SOCKET: socket, WALT_USER: 'alice' };
  return await runOnTerminal(`exec ${process.execPath} ${WALT} image shell ${args}`, {
    lines,
    env,
  });
}

/** Its digest tells whether an image was replaced. */
export function digestOf({ images }: TestPlatform, name: string): string | undefined {
  return images.byName(name)?.digest;
}
