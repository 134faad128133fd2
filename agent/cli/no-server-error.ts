// Nobody answers on the socket of the server, or the server has gone meanwhile.
import { CommandError } from './command-line/command-error.ts';

export class NoServerError extends CommandError {
  constructor(socket: string, cause: unknown) {
    super(`Network connection to WalT server failed!\n${advice(socket, cause)}`, { cause });
  }
}

function advice(socket: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `You may not use ${socket}: permission denied. Run walt as root, or as a member of the group of this socket.`;
  }
  const why = code === 'ENOENT' || code === 'ECONNREFUSED' ? 'nothing answers there' : message;
  return (
    `Its socket is ${socket}: ${why}. Is walt-server running (systemctl status walt-server)? ` +
    'WALT_SOCKET names another socket.'
  );
}
