// Nobody answers on the socket of the server, or the server has gone meanwhile.
import { messageOf } from '../errors.ts';
import { CommandError } from './command-line/command-error.ts';
import { groupOfSocket } from './socket-group.ts';

/** Says why, where that can be told (no permission, no server), and what to do. */
export class NoServerError extends CommandError {
  /** the command that starts the server, where that is known */
  readonly start: string | undefined;

  constructor(socket: string, cause: unknown, start?: string) {
    super(`Network connection to WalT server failed!\n${advice(socket, { cause, start })}`, {
      cause,
    });
    this.start = start;
  }
}

/** Codes of a path where no server has a socket. */
const NOTHING_THERE = ['ECONNREFUSED', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR'];

function advice(
  socket: string,
  { cause, start }: { readonly cause: unknown; readonly start: string | undefined },
): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `You may not use its socket ${socket}: permission denied. ${wayIn(groupOfSocket(socket))}`;
  }
  const why = NOTHING_THERE.includes(code ?? '') ? 'nothing answers there' : messageOf(cause);
  if (start !== undefined) return `Its socket is ${socket}: ${why}. This starts it: ${start}`;
  return (
    `Its socket is ${socket}: ${why}. Is walt-server running? ` +
    'WALT_SOCKET names another socket. From another machine: walt login https://SERVER:8443'
  );
}

function wayIn(group: string | undefined): string {
  if (group === undefined) {
    return (
      'Only root may: use sudo, or have an administrator make a group for it ' +
      '(groupadd --system walt, then restart walt-server).'
    );
  }
  return (
    `Root and members of group ${group} may: use sudo, or have an administrator add you ` +
    `(usermod --append --groups ${group} USER; it counts from your next login).`
  );
}
