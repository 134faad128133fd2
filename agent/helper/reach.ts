// The server's side of a connection to a helper that is asked in lines.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { messageOf, WaltError } from '../errors.ts';

/** A helper by the name that it has in sentences and in the names of its units. */
export type HelperName = 'runner' | 'workshop';

/** @param path of its socket @throws {WaltError} where nobody is there */
export async function reachHelper(name: HelperName, path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
  } catch (cause) {
    const why = `${messageOf(cause)} (systemctl status ${unitsOf(name)})`;
    throw new WaltError(`Cannot reach the ${name} at ${path}: ${why}`, { cause });
  }
  return socket.on('error', () => undefined);
}

/** What is said where it ends in the middle. */
export function brokenOff(name: HelperName): WaltError {
  return new WaltError(
    `The ${name} ended before it was done (journalctl -u walt-${name}; systemctl status ${unitsOf(name)})`,
  );
}

function unitsOf(name: HelperName): string {
  return `walt-${name}.socket walt-${name}.service`;
}
