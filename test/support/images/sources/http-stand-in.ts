// A server on loopback that answers as a test wants, where no real registry would.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** What was asked of it. */
export type Asked = { readonly path: string; readonly authorization: string | undefined };

/** @returns its address, `127.0.0.1:port`, and what it was asked so far */
export async function startStandIn(
  t: ExecutionContext,
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<{ readonly address: string; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    asked.push({ path: url, authorization: headers.authorization });
    answer(request, response, asked.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
