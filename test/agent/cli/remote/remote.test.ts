// `walt` for a server on another machine: login, calls, and what is refused.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ownCertificate } from '../../../../agent/access/certificates.ts';
import { startTlsApi } from '../../../../agent/api/servers/tls-server.ts';
import { createClient } from '../../../../agent/cli/client.ts';
import type { Args, Io } from '../../../../agent/cli/command-line/command.ts';
import { login } from '../../../../agent/cli/commands/user/login.ts';
import { userCreate } from '../../../../agent/cli/commands/user/users.ts';
import { loginFile } from '../../../../agent/cli/remote/login-file.ts';
import { limitedTlsServer } from '../../../../agent/net/limits/limited-tls-server.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../test-platform.ts';
import { startWalt } from '../walt-process.ts';

const PASSWORD = 'correct horse battery';
const { signal } = new AbortController();

async function serve(t: ExecutionContext) {
  const platform = await startTestPlatform();
  const { accounts, answers, registry } = platform;
  const folder = await temporaryFolder(t);
  const tls = await ownCertificate(join(folder, 'tls'), ['127.0.0.1']);
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, onProblem: (reason) => t.log(reason) },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(async () => {
    await api.close();
    await platform.close();
  });
  await accounts.create('carol', 'user', PASSWORD);
  await put(registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  await put(registry, nodeNamed('pc-2', { ip: '127.0.152.12', image: 'bob/pc:latest' }));
  const file = loginFile(join(folder, 'walt/client.yaml'));
  const url = `https://127.0.0.1:${api.port}`;
  const walt = (env: Record<string, string>, ...args: string[]) =>
    startWalt(args, { XDG_CONFIG_HOME: folder, WALT_SOCKET: '', ...env }).result;
  return { platform, tls, url, file, walt, folder };
}

type Served = Awaited<ReturnType<typeof serve>>;

/** Runs `walt login` as on a terminal on which these answers are typed. */
async function logIn(
  { url, file }: Pick<Served, 'url' | 'file'>,
  answers: readonly string[],
  values: Record<string, string> = {},
  named?: Io['named'],
): Promise<string> {
  const said: string[] = [];
  const left = [...answers];
  const ask = async () => left.shift();
  const io = { out: (line: string) => said.push(line), note: (line: string) => said.push(line) };
  const args: Args = { words: [url], flags: new Set(), values: new Map(Object.entries(values)) };
  const client = createClient({ socket: '/nowhere', user: 'alice', signal });
  await login.run(client, args, {
    ...io,
    ask,
    askSecret: ask,
    login: file,
    named,
    signal,
  } as unknown as Io);
  return said.join('\n');
}

test('walt login shows whose server it is, and the same command works there from then on', async (t) => {
  t.timeout(120_000);
  const served = await serve(t);
  const { file, tls, url, walt, platform } = served;
  const said = await logIn(served, ['yes', 'carol', PASSWORD]);
  t.true(said.includes(tls.fingerprint), said);
  t.regex(said, /You are carol \(user\) on https:/);
  t.is((await stat(file.path)).mode & 0o777, 0o600);
  t.false((await readFile(file.path, 'utf8')).includes(PASSWORD));
  const shown = await walt({}, 'node', 'show', '--all');
  t.regex(shown.out, /pc-1/, shown.err);
  t.is((await walt({}, 'node', 'rename', 'pc-1', 'pc-3')).code, 0);
  t.not(platform.registry.byName('pc-3'), undefined);
  const others = await walt({}, 'node', 'rename', '--yes', 'pc-2', 'pc-4');
  t.like(others, { code: 1 });
  t.regex(others.err, /pc-2 \(of bob\).*takes role operator/);
  const build = await walt({}, 'image', 'build', '--from-dir', '/etc/apt', 'carol/x');
  t.regex(build.err, /takes role admin to send a folder, yours is user/);
  const elsewhere = await walt({ WALT_SERVER: 'https://127.0.0.1:1' }, 'node', 'show');
  t.regex(elsewhere.err, /not logged in to https:\/\/127\.0\.0\.1:1: walt login/);
  t.is((await walt({ WALT_SERVER: url }, 'node', 'show', 'pc-3')).code, 0);
  t.is((await walt({}, 'logout')).code, 0);
  t.is(file.read(), undefined);
});

test('walt login refuses another fingerprint, a no and a wrong password, and writes nothing', async (t) => {
  t.timeout(120_000);
  const served = await serve(t);
  const fingerprint = served.tls.fingerprint.replace(/^../, 'zz');
  await t.throwsAsync(logIn(served, ['carol', PASSWORD], { fingerprint }), {
    message: /has another fingerprint/,
  });
  await t.throwsAsync(logIn(served, ['No']), { message: 'Nothing was changed.' });
  await t.throwsAsync(logIn(served, ['yes', 'carol', 'guess']), { message: /password is wrong/ });
  t.is(served.file.read(), undefined);
  await logIn(served, ['perhaps', 'Y', 'carol', PASSWORD]);
  t.true(served.file.remove());
  const right = served.tls.fingerprint.toLowerCase().replaceAll(':', '');
  await logIn(served, ['carol', PASSWORD], { fingerprint: right });
  t.is(served.file.read()?.user, 'carol');
});

test('walt login says what wins over it', async (t) => {
  t.timeout(120_000);
  const served = await serve(t);
  const said = (named: Io['named']) => logIn(served, ['yes', 'carol', PASSWORD], {}, named);
  t.regex(
    await said({ variable: 'WALT_SOCKET', value: '/own' }),
    /You are carol .*\nWALT_SOCKET is set to \/own, and wins: unset WALT_SOCKET to use/,
  );
  t.notRegex(await said({ variable: 'WALT_SERVER', value: `${served.url}/` }), /wins/);
  t.notRegex(await said(undefined), /wins/);
});

test('a server that is not the one of the login gets no token', async (t) => {
  t.timeout(120_000);
  const served = await serve(t);
  await logIn(served, ['yes', 'carol', PASSWORD]);
  const other = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const known = served.file.read();
  const [, ca = ''] = other.cert.split(/(?<=END CERTIFICATE-----)\n/);
  if (known !== undefined) served.file.write({ ...known, ca });
  const { err } = await served.walt({}, 'node', 'show');
  t.regex(err, /its certificate is not that of the server that you know/);
});

test('a login file that is damaged and a server that is none are said in one sentence', async (t) => {
  t.timeout(120_000);
  const { file, walt, folder } = await serve(t);
  file.write({ url: 'https://walt', user: 'carol', token: 'x' });
  await writeFile(file.path, 'server: nonsense\n');
  t.regex((await walt({}, 'node', 'show')).err, /client\.yaml is damaged.*walt login/);
  await rm(file.path);
  await mkdir(file.path);
  const place = await walt({}, 'node', 'show');
  t.deepEqual([place.code, place.out], [1, '']);
  t.regex(
    place.err,
    /^Cannot read \S+client\.yaml: it is a folder\. Mend that, or name another .*\n$/,
  );
  await rm(dirname(file.path), { recursive: true });
  await writeFile(dirname(file.path), '');
  t.regex(
    (await walt({}, 'logout')).err,
    /^Cannot read \S+client\.yaml: a part of .*no folder.*\n$/,
  );
  for (const WALT_SERVER of ['http://walt', 'walt:8443', 'https://walt/path', 'https://u:p@walt']) {
    const { code, err } = await walt(
      { WALT_SERVER, XDG_CONFIG_HOME: join(folder, 'none') },
      'node',
      'show',
    );
    t.is(code, 1);
    t.regex(err, /^Cannot use WALT_SERVER .*expected https:\/\//);
  }
});

test('walt login without a terminal says how scripts do it', async (t) => {
  const { url, tls, walt } = await serve(t);
  const shown = await walt({}, 'login', url);
  t.true(shown.err.includes(tls.fingerprint), shown.err);
  for (const args of [[], ['--fingerprint', tls.fingerprint], ['--token']]) {
    const { code, err } = await walt({}, 'login', url, ...args);
    t.is(code, 1);
    t.regex(err, /Nothing was changed: there is no terminal to ask on\. A script sets WALT_SERVER/);
  }
});

test('walt user create asks for no password again that is too short', async (t) => {
  const answers = ['short', 'short'];
  const io = { askSecret: async () => answers.shift(), out: () => undefined } as unknown as Io;
  const args: Args = { words: ['dave'], flags: new Set(['password']), values: new Map() };
  const client = createClient({ socket: '/nowhere', user: 'alice', signal });
  await t.throwsAsync(async () => await userCreate.run(client, args, io), {
    message: /12 characters or more/,
  });
  t.is(answers.length, 1);
});

test('users and tokens are made on the socket, and a token is shown once', async (t) => {
  t.timeout(120_000);
  const { platform, url, walt, tls, file } = await serve(t);
  const socket = { WALT_SOCKET: platform.socket };
  t.regex((await walt(socket, 'token', 'create', 'ci')).err, /walt user create alice/);
  t.is((await walt(socket, 'user', 'create', 'alice', '--role', 'admin')).code, 0);
  t.regex((await walt(socket, 'user', 'create', 'bob', '--role', 'king')).err, /no role 'king'/);
  t.regex((await walt(socket, 'user', 'show')).out, /alice +admin +tokens/);
  const { out: token } = await walt(socket, 'token', 'create', 'ci', '--days', '3');
  const listed = await walt(socket, 'token', 'list');
  t.regex(listed.out, /alice +ci +admin/);
  t.false(listed.out.includes(token.trim()));
  const [, ca = ''] = tls.cert.split(/(?<=END CERTIFICATE-----)\n/);
  file.write({ url, user: 'carol', token: 'walt_none', ca });
  const asAlice = { WALT_SERVER: url, WALT_TOKEN: token.trim() };
  // A token says who asks, also where somebody else has logged in.
  t.regex((await walt({ WALT_TOKEN: token.trim() }, 'token', 'list')).out, /alice +ci +admin/);
  t.is((await walt(asAlice, 'user', 'remove', 'carol')).code, 0);
  t.is((await walt(asAlice, 'token', 'create', 'less', '--role', 'viewer')).code, 0);
  t.regex((await walt(asAlice, 'token', 'list')).out, /alice +less +viewer/);
  const king = await walt(asAlice, 'token', 'create', 'more', '--role', 'king');
  t.regex(king.err, /no role 'king'/);
  const id = /^([0-9a-f]{8}) /m.exec(listed.out)?.[1] ?? '';
  t.is((await walt(socket, 'token', 'revoke', id)).code, 0);
  t.regex((await walt(asAlice, 'user', 'show')).err, /wrong, or was revoked: log in again/);
});

test('walt needs no login where a token and the authority are named', async (t) => {
  t.timeout(120_000);
  const { platform, tls, url, walt, folder } = await serve(t);
  const wish = { user: 'carol', name: 'ci', days: 1, role: 'user' } as const;
  const { token } = await platform.accounts.createToken(wish);
  const ca = join(folder, 'walt-authority.pem');
  await writeFile(ca, tls.cert.split(/(?<=END CERTIFICATE-----)\n/)[1] ?? '');
  const env = { WALT_SERVER: url, WALT_TOKEN: token, WALT_CA: ca };
  const { code, out, err } = await walt(env, 'node', 'show', '--all');
  t.is(code, 0, err);
  t.regex(out, /pc-1/);
  await writeFile(ca, 'nonsense');
  for (const WALT_CA of [ca, join(folder, 'nothing')]) {
    const refused = await walt({ ...env, WALT_CA }, 'node', 'show');
    t.is(refused.code, 1);
    t.regex(
      refused.err,
      /^Cannot use WALT_CA .*expected a certificate in PEM, as walt-server authority/,
    );
  }
  const { err: unknown } = await walt({ ...env, WALT_CA: '' }, 'node', 'show');
  t.regex(unknown, /not that of the server that you know .*WALT_CA/);
});
