// Replaces this process by another program: its number stays, and so does what it was given open.
import { WaltError } from '../errors.ts';
import type { Execution } from '../net/bound-sockets.ts';

/** @throws {WaltError} under a Node.js that cannot */
export function become({ file, args, env }: Execution): never {
  if (process.execve === undefined) {
    throw new WaltError(`Cannot run under Node.js ${process.version}: 24 or later is needed`);
  }
  return process.execve(file, args, env);
}
