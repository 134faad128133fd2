// A disk of a test: a loop device over a file.
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Makes one that is gone after the test. @returns its device and its file */
export async function loopDisk(
  t: ExecutionContext,
  { bytes, options = [] }: { readonly bytes: number; readonly options?: readonly string[] },
): Promise<{ readonly device: string; readonly file: string }> {
  const file = join(await temporaryFolder(t), 'disk');
  await writeFile(file, '');
  await truncate(file, bytes);
  const { stdout } = await succeed(['losetup', '--find', '--show', ...options, file]);
  const device = stdout.toString().trim();
  t.teardown(async () => {
    await succeed(['losetup', '--detach', device]);
  });
  return { device, file };
}
