// The API by HTTPS with a provider beside it, and a browser that signs in by that.
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import { ownCertificate } from '../../../../agent/access/certificates.ts';
import { givesRoles } from '../../../../agent/access/openid/claims.ts';
import { sessionAnswers } from '../../../../agent/api/answers/people/sessions.ts';
import { userAnswers } from '../../../../agent/api/answers/people/users.ts';
import { auditOf } from '../../../../agent/api/audit.ts';
import { startTlsApi } from '../../../../agent/api/servers/tls-server.ts';
import { parseConfig } from '../../../../agent/config/config.ts';
import { logLines } from '../../../../agent/journal/log-lines.ts';
import { limitedTlsServer } from '../../../../agent/net/limits/limited-tls-server.ts';
import { signInsOf } from '../../../../agent/start/api/sign-ins.ts';
import { freePort } from '../../../../lab/network/free-port.ts';
import { type OpenIdProvider, startOpenIdProvider } from '../../../../lab/openid/provider.ts';
import { proveAt } from '../../../support/openid/person.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform, type TestPlatform } from '../../cli/test-platform.ts';

/** What the API answered. */
export type Answered = {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly [field: string]: unknown;
};

/** The API, and the provider. */
export type OpenIdApi = {
  readonly platform: TestPlatform;
  readonly provider: OpenIdProvider;
  /** certificates (PEM) that the provider is known by */
  readonly ca: string;
  /** lines of the audit */
  readonly audit: string[];
  readonly problems: unknown[];
  /** Asks as a page of this server does. */
  readonly ask: (path: string, body: object | undefined, how?: Asking) => Promise<Answered>;
  /** Begins a sign-in, and comes back from the provider. @returns the cookie of the browser, and what it came back with */
  readonly goAndReturn: (login: string) => Promise<{ cookie: string; answer: string }>;
  /** All of a sign-in. */
  readonly signIn: (login: string) => Promise<Answered>;
};

type Asking = {
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** in place of the session */
  readonly token?: string;
};

const PERSONS = {
  'c-1': { preferred_username: 'Carol', groups: ['staff', 'walt-operators'] },
  'd-1': { preferred_username: 'dave', groups: ['staff'] },
  'e-1': { preferred_username: 'erin@example.org', groups: ['walt-operators'] },
  'f-1': { preferred_username: 'waltplatform', groups: ['walt-operators'] },
  'g-1': { preferred_username: 'alice', groups: ['walt-operators'] },
};

/** @param oidc keys of `api.oidc` in place of the usual ones */
export async function serveOpenId(
  t: ExecutionContext,
  oidc: Readonly<Record<string, unknown>> = { roles: { operator: ['walt-operators'] } },
): Promise<OpenIdApi> {
  const folder = await temporaryFolder(t);
  const tls = await ownCertificate(folder, ['127.0.0.1']);
  const [port, ownPort] = [await freePort(), await freePort()];
  const url = `https://127.0.0.1:${ownPort}`;
  const client = { id: 'walt', secret: 'a secret of both', redirectUri: `${url}/sign-in` };
  const provider = await startOpenIdProvider({ port, tls, persons: PERSONS, client });
  const [ca, clientSecretFile] = [join(folder, 'ca.pem'), join(folder, 'secret')];
  await writeFile(ca, tls.cert);
  await writeFile(clientSecretFile, `${client.secret}\n`);
  const keys = { issuer: provider.issuer, clientId: client.id, clientSecretFile, url, ca, ...oidc };
  const config = parseConfig(JSON.stringify({ api: { oidc: keys } }), 'test.yaml');
  const platform = await startTestPlatform();
  const { accounts } = platform;
  const signIns = await signInsOf(config, { accounts });
  const [audit, problems]: [string[], unknown[]] = [[], []];
  const providerGivesRoles = config.api.oidc !== undefined && givesRoles(config.api.oidc);
  const answers = {
    ...platform.answers,
    ...sessionAnswers({ accounts, signIns }),
    ...userAnswers({ accounts, providerGivesRoles }),
  };
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: ownPort },
    onProblem: (reason) => problems.push(reason),
    onCall: (made) => {
      const event = auditOf(made);
      if (event !== undefined) audit.push(...logLines(event).map(({ line }) => line));
    },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(async () => {
    await api.close();
    await platform.close();
    await provider.stop();
  });
  const ask: OpenIdApi['ask'] = (path, body, how = {}) =>
    askPage({ url, ca: tls.cert }, { path, body, ...how });
  const goAndReturn = async (login: string) => {
    const { url: page, cookies } = await ask('/session/openid', {});
    const back = `${url}/sign-in?`;
    const at = await proveAt(String(page), { ca: tls.cert, login, back });
    return { cookie: cookies[0]?.split(';', 1)[0] ?? '', answer: at.slice(back.length) };
  };
  const signIn = async (login: string) => {
    const { cookie, answer } = await goAndReturn(login);
    return await ask('/session/openid/end', { answer }, { cookie });
  };
  return { platform, provider, ca: tls.cert, audit, problems, ask, goAndReturn, signIn };
}

async function askPage(
  { url, ca }: { readonly url: string; readonly ca: string },
  { path, body, cookie, headers = {}, token }: Asking & { path: string; body: object | undefined },
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const shown = {
    ...(cookie === undefined ? {} : { cookie }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...{ origin: url, 'sec-fetch-site': 'same-origin', 'x-walt-page': '1', ...headers },
  };
  const method = body === undefined ? 'GET' : 'POST';
  const options = { ca, method, headers: shown, agent: false as const };
  const asking = request(`${url}/api/v1${path}`, options, (answer) => {
    json(answer).then((fields) => {
      const cookies = answer.headers['set-cookie'] ?? [];
      resolve({ ...(fields as object), status: answer.statusCode ?? 0, cookies });
    }, reject);
  });
  asking.once('error', reject);
  asking.end(body === undefined ? undefined : JSON.stringify(body));
  return await promise;
}
