// Which server a command speaks to: what the environment names, where somebody logged in, or the one of this machine.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import type { Place } from '../client.ts';
import { CommandError } from '../command-line/command-error.ts';
import { socketPath } from '../names/socket-path.ts';
import type { LoginFile } from './login-file.ts';
import { serverUrl } from './remote-server.ts';

/** The place, and who we are there, where that is known. */
export type ChosenPlace = { readonly place: Place; readonly user?: string };

type Environment = {
  readonly WALT_SOCKET: string | undefined;
  /** the socket where nothing else is named, and nobody is logged in: a script that starts `walt` for one server sets it */
  readonly WALT_USUAL_SOCKET: string | undefined;
  /** the command that starts the server of that socket */
  readonly WALT_START_COMMAND?: string | undefined;
  readonly WALT_SERVER: string | undefined;
  readonly WALT_TOKEN: string | undefined;
  /** path of a file with the authority of that server, in PEM */
  readonly WALT_CA: string | undefined;
};

/** What the environment names: commands go there, whoever logs in elsewhere. */
export type Named = { readonly variable: 'WALT_SERVER' | 'WALT_SOCKET'; readonly value: string };

/** These work without a server, and mend a login that does not. */
const WITHOUT = ['login', 'logout'];

/**
 * @param words of the command line
 * @throws {CommandError} if another machine is named, and nothing says who we are there
 */
export function placeFor(
  words: readonly string[],
  { WALT_SOCKET, WALT_USUAL_SOCKET, WALT_START_COMMAND, WALT_SERVER, ...proof }: Environment,
  file: LoginFile,
): ChosenPlace {
  const [first = '', second = ''] = words;
  if (WITHOUT.includes(first) || (first === 'user' && WITHOUT.includes(second))) {
    return { place: { socket: socketPath(WALT_SOCKET || WALT_USUAL_SOCKET) } };
  }
  if (WALT_SERVER) return named(serverUrl(WALT_SERVER, 'WALT_SERVER'), proof, file);
  if (WALT_SOCKET) return { place: { socket: socketPath(WALT_SOCKET) } };
  const login = file.read();
  if (login === undefined) {
    const start = WALT_START_COMMAND ? { start: WALT_START_COMMAND } : {};
    return { place: { socket: socketPath(WALT_USUAL_SOCKET), ...start } };
  }
  // A token says who asks, whoever has logged in here.
  return named(login.url, proof, file);
}

/** @returns undefined where a login counts */
export function namedByEnvironment({
  WALT_SERVER,
  WALT_SOCKET,
}: Pick<Environment, 'WALT_SERVER' | 'WALT_SOCKET'>): Named | undefined {
  if (WALT_SERVER) return { variable: 'WALT_SERVER', value: WALT_SERVER };
  return WALT_SOCKET ? { variable: 'WALT_SOCKET', value: WALT_SOCKET } : undefined;
}

function named(
  url: string,
  { WALT_TOKEN: token, WALT_CA }: Pick<Environment, 'WALT_TOKEN' | 'WALT_CA'>,
  file: LoginFile,
): ChosenPlace {
  const login = file.read();
  const known = login?.url === url ? login : undefined;
  const ca = WALT_CA ? authorityIn(WALT_CA) : known?.ca;
  if (token) return { place: { remote: { url, token, ca } } };
  if (known !== undefined) return { place: { remote: known }, user: known.user };
  throw new CommandError(`You are not logged in to ${url}: walt login ${url}, or set WALT_TOKEN.`);
}

function authorityIn(path: string): string {
  try {
    return new X509Certificate(readFileSync(path)).toString();
  } catch (cause) {
    const how = 'expected a certificate in PEM, as walt-server authority prints it';
    throw new CommandError(`Cannot use WALT_CA ${path}: ${messageOf(cause)}, ${how}`, { cause });
  }
}
