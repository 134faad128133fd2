// The API on addresses that other machines reach, by HTTPS.
import type { RequestListener, Server } from 'node:http';
import type { Accounts } from '../access/accounts.ts';
import { messageOf, WaltError } from '../errors.ts';
import { whoeverHasToken } from './authorisation.ts';
import { type ApiAnswers, type ApiOptions, buildApi } from './routes.ts';

/**
 * Answers whoever has a token, until it is closed.
 * @throws {WaltError} if it cannot listen there
 */
export async function startTlsApi(
  answers: ApiAnswers,
  options: Pick<ApiOptions, 'onProblem' | 'onCall' | 'page' | 'lookMs'> & {
    readonly accounts: Accounts;
    readonly host: string;
    /** 0: any */
    readonly port: number;
    readonly serverOf: (handle: RequestListener) => Server;
  },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { accounts, host, port, ...others } = options;
  const api = buildApi(answers, { ...others, identify: whoeverHasToken(accounts) });
  try {
    await api.listen({ host, port });
  } catch (cause) {
    await api.close();
    throw new WaltError(
      `Cannot start the API on ${host}:${port} (api.listen): ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
  const place = api.server.address();
  const bound = place === null || typeof place === 'string' ? port : place.port;
  return { port: bound, close: async () => await api.close() };
}
