// The certificate of the API for other machines.
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  givenCertificate,
  ownCertificate,
  type ServerCertificate,
} from '../../access/certificates.ts';
import type { Config } from '../../config/config.ts';
import { listenPlace } from '../../config/sections/forms.ts';
import { realFolder } from '../../host/folders/real-folder.ts';

/**
 * The operator's own, or one that this server makes.
 * @param state folder of the server's state
 * @throws {WaltError} if it cannot be used
 */
export async function certificateOf(api: Config['api'], state: string): Promise<ServerCertificate> {
  const { certificate, listen, names } = api;
  if (certificate !== undefined) return await givenCertificate(certificate.cert, certificate.key);
  const hosts = listen.map((place) => listenPlace(place)?.host ?? place);
  const all = new Set([hostname().toLowerCase(), 'localhost', ...hosts, ...names]);
  return await ownCertificate(join(await realFolder(state), 'api'), [...all]);
}
