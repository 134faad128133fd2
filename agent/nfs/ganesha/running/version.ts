// Which nfs-ganesha is installed: a setting that a version does not know keeps it from starting.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WaltError } from '../../../errors.ts';
import { textOf } from '../../../host/files/text-of.ts';
import { writeWholeFile } from '../../../host/files/whole-file.ts';
import { runProgram } from '../../../host/processes/program.ts';
import { PROGRAM_FOLDERS } from './daemon.ts';

/**
 * As `ganeshaVersion`, which is asked once for each program that was installed: the program takes 0.1 s to say it.
 * @param file remembers what it said, and of which program
 * @param path of the program; by default that of PROGRAM_FOLDERS which is run
 */
export async function knownVersion(file: string, path?: string): Promise<number> {
  const program = await programFile(path === undefined ? programPaths() : [path]);
  const known = program === undefined ? undefined : versionIn(await textOf(file), program);
  if (known !== undefined) return known;
  const version = await ganeshaVersion(path);
  if (program !== undefined) {
    await writeWholeFile(file, `${version} ${program}\n`, { isLasting: false });
  }
  return version;
}

/** What tells the program from another one in its place. @returns undefined where there is none */
async function programFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    const { dev, ino, size, mtimeMs, ctimeMs } = found;
    return [path, dev, ino, size, mtimeMs, ctimeMs].join(' ');
  }
  return undefined;
}

function programPaths(): string[] {
  return PROGRAM_FOLDERS.map((folder) => join(folder, 'ganesha.nfsd'));
}

function versionIn(text: string | undefined, program: string): number | undefined {
  const [, version, of] = /^(\d+) (.+)\n$/.exec(text ?? '') ?? [];
  return of === program ? Number(version) : undefined;
}

/**
 * The first number of the version of the installed nfs-ganesha: 4 on Debian 12, 6 on Debian 13.
 * @throws {WaltError} if it cannot be run or does not say
 */
async function ganeshaVersion(program = 'ganesha.nfsd'): Promise<number> {
  const path = `PATH=${PROGRAM_FOLDERS.join(':')}`;
  return majorVersion(await runProgram('env', [path, program, '-v']));
}

/**
 * Reads what `ganesha.nfsd -v` prints, such as `NFS-Ganesha Release = V6.5`.
 * @throws {WaltError} if there is no version in it
 */
export function majorVersion(text: string): number {
  const [, major] = /\bV(\d+)\./.exec(text) ?? [];
  if (major !== undefined) return Number(major);
  throw new WaltError(
    `Cannot tell the version of nfs-ganesha: ganesha.nfsd -v says ${JSON.stringify(text.trim())}`,
  );
}
