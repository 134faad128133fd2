// Why a call of Linux failed, as errno(3) names it.
import { constants } from 'node:os';

/** As `ENODEV`, or the number where it has no name. */
export function errorName(errno: number): string {
  const names = Object.entries(constants.errno);
  return names.find(([, number]) => number === errno)?.[0] ?? `error ${errno}`;
}
