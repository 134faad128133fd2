// Whether this machine lets somebody listen at a place, asked before anything is made that a refusal would leave behind.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ConfigError, messageOf } from '../errors.ts';
import type { ListenPlace } from './bound-sockets.ts';

/** @throws {ConfigError} naming the first place where nobody can listen, and why */
export async function refuseTakenPlaces(places: readonly ListenPlace[]): Promise<void> {
  for (const { host, port } of places) {
    const server = createServer().listen({ host, port });
    await once(server, 'listening').catch((cause: unknown) => {
      throw new ConfigError(`Cannot listen where api.listen says: ${messageOf(cause)}`, { cause });
    });
    server.close();
    await once(server, 'close');
  }
}
