// The group whose members may use the server's socket, for a message to somebody who may not.
import { readFileSync, statSync } from 'node:fs';

/** Its name, its number where it has none here; undefined where root alone may use the socket. */
export function groupOfSocket(socket: string): string | undefined {
  try {
    const { gid } = statSync(socket);
    return gid === 0 ? undefined : nameOf(gid);
  } catch {
    // It may lie where this user cannot look.
    return undefined;
  }
}

function nameOf(gid: number): string {
  const lines = readFileSync('/etc/group', 'utf8').split('\n');
  const line = lines.find((one) => one.split(':')[2] === String(gid));
  return line?.split(':')[0] ?? String(gid);
}
