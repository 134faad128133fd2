// Which nfs-ganesha is installed: a setting that a version does not know keeps it from starting.
import { WaltError } from '../../../errors.ts';
import { runProgram } from '../../../host/processes/program.ts';
import { PROGRAM_FOLDERS } from './daemon.ts';

/**
 * The first number of the version of the installed nfs-ganesha: 4 on Debian 12, 6 on Debian 13.
 * @throws {WaltError} if it cannot be run or does not say
 */
export async function ganeshaVersion(): Promise<number> {
  const path = `PATH=${PROGRAM_FOLDERS.join(':')}`;
  return majorVersion(await runProgram('env', [path, 'ganesha.nfsd', '-v']));
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
