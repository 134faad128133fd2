/** What a bench runs of this machine, and what it takes from Debian, is looked for before anything is built or started. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPackageOf } from '../../agent/host/processes/debian-package.ts';
import { runProgram } from '../../lab/programs/run-program.ts';

/**
 * Ends this process with one sentence where programs are missing.
 * @param programs names, as in the search path
 */
export async function requirePrograms(programs: readonly string[]): Promise<void> {
  endUnless(await missingPrograms(programs, process.env.PATH));
}

/** The same for files that are no programs, by the Debian package that has each. */
export async function requireFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, path] of Object.entries(files)) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere) endUnless(`Cannot measure: ${path} is missing. On Debian: apt install ${name}`);
  }
}

/** What simulated PCs and their server run (`lab/siege`). */
export const SIEGE_PROGRAMS = [
  ...['ip', 'nft', 'perl', 'ganesha.nfsd', 'rpcbind', 'dnsmasq'],
  ...['udhcpc', 'curl', 'socat', 'umoci'],
] as const;

/**
 * The same for programs that are compared with, which are taken out of their packages and not installed.
 * @param packages of Debian
 */
export async function requirePackages(packages: readonly string[]): Promise<void> {
  await requirePrograms(['apt-get', 'apt-cache', 'dpkg-deb']);
  endUnless(await missingPackages(packages));
}

/** Which packages this machine cannot have, and what to do; undefined where it can have all. */
export async function missingPackages(packages: readonly string[]): Promise<string | undefined> {
  const { stdout } = await runProgram(['apt-cache', 'show', '--no-all-versions', ...packages]);
  const known = [...stdout.toString().matchAll(/^Package: (\S+)$/gm)].map(([, name]) => name);
  const missing = packages.filter((name) => !known.includes(name));
  if (missing.length === 0) return undefined;
  return `Cannot measure: apt knows no package ${missing.join(', ')}. Run apt-get update, or add a Debian archive that has it`;
}

function endUnless(sentence: string | undefined): void {
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
