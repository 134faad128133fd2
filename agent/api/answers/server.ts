// Answers to calls about the server itself.
import type { Answers } from '../calls/call.ts';
import type { serverCalls } from '../calls/server.ts';

/** What these answers need. */
export type ServerParts = { readonly version: string };

/** Answers to the calls of calls/server.ts. */
export function serverAnswers({ version }: ServerParts): Answers<typeof serverCalls> {
  return { 'server.version': async () => ({ version }) };
}
