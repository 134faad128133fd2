// By which certificates those of registries may be signed: the ones of Node.js, those that somebody installed on this
// machine, and the file of the configuration.
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** Reading some hundred certificates takes tens of milliseconds, in which the server does nothing else. */
const contexts = new Map<string, SecureContext>();
/** One for each file of the configuration, and some after that was changed. */
const MOST_CONTEXTS = 8;

/** @param own further certificates @returns all of them, as PEM */
export function trustedCertificates(own = ''): string {
  const all = new Set([...getCACertificates('default'), ...getCACertificates('system'), own]);
  return [...all].join('\n');
}

/** For connections that trust these certificates, read once. @param ca as PEM */
export function contextFor(ca: string): SecureContext {
  const known = contexts.get(ca);
  if (known !== undefined) return known;
  if (contexts.size >= MOST_CONTEXTS) contexts.clear();
  const context = createSecureContext({ ca });
  contexts.set(ca, context);
  return context;
}
