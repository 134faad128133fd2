/** What a bench runs of this machine is looked for before anything is built or started. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPackageOf } from '../../agent/host/processes/debian-package.ts';

/**
 * Ends this process with one sentence where programs are missing.
 * @param programs names, as in the search path
 */
export async function requirePrograms(programs: readonly string[]): Promise<void> {
  const sentence = await missingPrograms(programs, process.env.PATH);
  if (sentence === undefined) return;
  console.error(sentence);
  process.exit(1);
}

/** What is missing, and what to install; undefined where all are there. */
export async function missingPrograms(
  programs: readonly string[],
  path = '',
): Promise<string | undefined> {
  // A user's search path may lack where programs of root are.
  const folders = [...path.split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean);
  const found = await Promise.all(
    programs.map(async (program) => ((await isIn(program, folders)) ? undefined : program)),
  );
  const missing = found.filter((program) => program !== undefined);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map(debianPackageOf))].join(' ');
  return `Cannot measure: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. On Debian: apt install ${packages}`;
}

async function isIn(program: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const file = join(folder, program);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}
