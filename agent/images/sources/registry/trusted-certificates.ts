// By which certificates those of registries may be signed: the ones of Node.js, those that somebody installed on this
// machine, and the file of the configuration.
import { getCACertificates } from 'node:tls';

/** @param own further certificates @returns all of them, as PEM */
export function trustedCertificates(own = ''): string {
  const all = new Set([...getCACertificates('default'), ...getCACertificates('system'), own]);
  return [...all].join('\n');
}
