// A test platform by HTTPS, and a user of it on what counts as another machine.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Accounts } from '../../../agent/access/accounts.ts';
import { ownCertificate, type ServerCertificate } from '../../../agent/access/certificates.ts';
import type { ApiAnswers } from '../../../agent/api/api-options.ts';
import type { Role } from '../../../agent/api/calls/call.ts';
import { startTlsApi } from '../../../agent/api/servers/tls-server.ts';
import { loginFile } from '../../../agent/cli/remote/login-file.ts';
import { limitedTlsServer } from '../../../agent/net/limits/limited-tls-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export type Served = {
  readonly url: string;
  readonly port: number;
  readonly tls: ServerCertificate;
  readonly token: string;
  /** of a `walt` that somebody logged in by: it has no socket */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/** Serves it until the test ends; the user is logged in. */
export async function serveElsewhere(
  t: ExecutionContext,
  { accounts, answers }: { readonly accounts: Accounts; readonly answers: ApiAnswers },
  { user, role }: { readonly user: string; readonly role: Role },
): Promise<Served> {
  const folder = await temporaryFolder(t);
  const tls = await ownCertificate(join(folder, 'tls'), ['127.0.0.1']);
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, onProblem: (reason) => t.log(reason), lookMs: 100 },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(() => api.close());
  await accounts.create(user, role);
  const wish = { user, name: 'test', days: 1, role: 'admin' } as const;
  const { token } = await accounts.createToken(wish);
  const url = `https://127.0.0.1:${api.port}`;
  const [, ca = ''] = tls.cert.split(/(?<=END CERTIFICATE-----)\n/);
  loginFile(join(folder, 'walt/client.yaml')).write({ url, user, token, ca });
  const env = { XDG_CONFIG_HOME: folder, WALT_SOCKET: '', WALT_USER: user };
  return { url, port: api.port, tls, token, env, close: () => api.close() };
}
