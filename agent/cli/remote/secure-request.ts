// Asks a server on another machine, by HTTPS.
import type { ClientRequest } from 'node:http';
import type { RequestOptions } from 'node:https';

/** Loads TLS with the first question: most commands ask the server of their own machine, and would wait for what they do not need. */
export function secureRequest(options: RequestOptions): ClientRequest {
  return process.getBuiltinModule('node:https').request(options);
}
