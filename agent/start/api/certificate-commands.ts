// `walt-server fingerprint`, `walt-server authority` and `walt-server renew-authority`.
import { join } from 'node:path';
import { renewAuthority } from '../../access/authority.ts';
import type { Config } from '../../config/config.ts';
import { WaltError } from '../../errors.ts';
import { realFolder } from '../../host/folders/real-folder.ts';
import { certificateOf } from './certificate.ts';

/** What was typed, and where it is printed. */
export type CertificateCommand = {
  readonly words: readonly string[];
  /** what the old key signed counts for nothing any more */
  readonly hasNewKey: boolean;
  /** path of the configuration */
  readonly file: string;
  readonly config: Config;
  readonly print: (line: string) => void;
};

/** @throws {WaltError} if there is nothing to show or renew */
export async function runCertificateCommand(command: CertificateCommand): Promise<void> {
  const { words, hasNewKey, file, config, print } = command;
  const [name, other] = words;
  if (other !== undefined) throw new WaltError(`walt-server ${name} takes no ${other}`);
  const { api, state } = config;
  if (api.listen.length === 0) {
    throw new WaltError(
      `No other machine reaches this server: api.listen of ${file} is empty (walt help show remote)`,
    );
  }
  if (name !== 'renew-authority') {
    if (hasNewKey) throw new WaltError(`walt-server ${name} takes no --new-key`);
    const { cert, fingerprint } = await certificateOf(api, state);
    return print(name === 'authority' ? lastOf(cert) : fingerprint);
  }
  if (api.certificate !== undefined) {
    throw new WaltError(
      `Nothing was renewed: the certificate is yours (api.certificate of ${file}); renew it where you have it from, and put it there`,
    );
  }
  await renewAuthority(join(await realFolder(state), 'api'), { hasNewKey });
  const { fingerprint, ends } = await certificateOf(api, state);
  const [day = ''] = new Date(ends.authority ?? ends.server).toISOString().split('T');
  print(`The authority is another one until ${day}, fingerprint ${fingerprint}.`);
  print(
    hasNewKey
      ? 'Who knows the old one has to log in again, walt login, and to compare this fingerprint.'
      : 'Who knows the old one goes on with that until it ends, and logs in again before: walt login.',
  );
  print('A server that runs shows it within an hour, or at once: systemctl restart walt-server');
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** Of a chain, the server's own first: the one that clients pin. */
function lastOf(pem: string): string {
  const last = pem.match(CERTIFICATE)?.at(-1);
  if (last !== undefined) return last;
  throw new WaltError('Cannot print the authority: the certificate of the server is not PEM');
}
