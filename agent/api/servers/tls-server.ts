// The API on addresses that other machines reach, by HTTPS.
import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Accounts } from '../../access/accounts.ts';
import type { ServerCertificate } from '../../access/certificates.ts';
import { messageOf, WaltError } from '../../errors.ts';
import type { ApiAnswers, ApiOptions } from '../api-options.ts';
import { whoeverHasToken } from '../authorisation.ts';
import { buildApi } from '../routes.ts';

/**
 * Answers whoever has a token, until it is closed.
 * @throws {WaltError} if it cannot listen there
 */
export async function startTlsApi(
  answers: ApiAnswers,
  options: Pick<ApiOptions, 'onProblem' | 'onCall' | 'onRefused' | 'page' | 'lookMs'> & {
    readonly accounts: Accounts;
    readonly host: string;
    /** 0: any */
    readonly port: number;
    /** of a socket that listens there already */
    readonly fd?: number | undefined;
    readonly serverOf: (handle: RequestListener) => Server;
  },
): Promise<TlsApi> {
  const { accounts, host, port, fd, serverOf, ...others } = options;
  const [identify, made] = [whoeverHasToken(accounts), Promise.withResolvers<Server>()];
  const api = buildApi(answers, {
    ...{ ...others, identify },
    serverOf: (handle) => {
      const server = serverOf(handle);
      made.resolve(server);
      return server;
    },
  });
  const server = await made.promise;
  try {
    // Its options go to the server as they are, which knows this one, too.
    await api.listen({ host, port, ...(fd === undefined ? {} : { fd }) });
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
  return {
    port: bound,
    show: (tls) => server.setSecureContext(tls),
    close: async () => await api.close(),
  };
}

type TlsApi = {
  readonly port: number;
  /** Shows another certificate to whoever connects from now on. */
  show(tls: Pick<ServerCertificate, 'key' | 'cert'>): void;
  close(): Promise<void>;
};
