// A server on another machine does not answer, or is not the one that it was.
import { messageOf } from '../../errors.ts';
import { CommandError } from '../command-line/command-error.ts';

const FOREIGN =
  /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_SIGNATURE|CERT_UNTRUSTED|ALTNAME/;

/** Says why, and what to do. */
export class NoRemoteError extends CommandError {
  constructor(url: string, cause: unknown) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const advice = FOREIGN.test(code)
      ? `its certificate is not that of the server that you know (${messageOf(cause)}). If it has a new one, log in again: walt login ${url}; or name a file of its authority, WALT_CA`
      : `${messageOf(cause)}. Is walt-server running there, with api.listen?`;
    super(`Network connection to WalT server failed!\nThe server is ${url}: ${advice}`, { cause });
  }
}
