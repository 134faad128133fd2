// Where the server's socket is, as whoever types the command has it.
import { CommandError } from '../command-line/command-error.ts';

const USUAL = '/run/walt/walt-server.sock';
/** Bytes of a path that the kernel takes (`sun_path` less its end, unix(7)). */
const MOST_BYTES = 107;

/**
 * @param chosen value of WALT_SOCKET; an empty one counts as none
 * @throws {CommandError} if no socket can have this path
 */
export function socketPath(chosen: string | undefined): string {
  if (chosen === undefined || chosen === '') return USUAL;
  const bytes = Buffer.byteLength(chosen);
  if (bytes <= MOST_BYTES) return chosen;
  throw new CommandError(
    `Cannot use WALT_SOCKET: its path has ${bytes} bytes, and a socket's has ${MOST_BYTES} at most. Name a shorter one.`,
  );
}
