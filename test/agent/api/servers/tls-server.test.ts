// The API by HTTPS: what a machine that means harm gets, and that nothing changes by it.
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { ownCertificate, type ServerCertificate } from '../../../../agent/access/certificates.ts';
import { startTlsApi } from '../../../../agent/api/servers/tls-server.ts';
import { limitedTlsServer } from '../../../../agent/net/limits/limited-tls-server.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

async function serve(t: ExecutionContext) {
  const platform = await startTestPlatform();
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const problems: unknown[] = [];
  const { accounts, answers, registry } = platform;
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, onProblem: (reason) => problems.push(reason) },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(async () => {
    await api.close();
    await platform.close();
  });
  await put(registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  await accounts.create('root-like', 'admin');
  const wish = { user: 'root-like', name: 'test', days: 1, role: 'admin' } as const;
  const { token } = await accounts.createToken(wish);
  return {
    token,
    ask: (head: string, body = '') => ask({ port: api.port, tls }, head, body),
    registry,
    problems,
  };
}

/** Sends bytes as they are, and hears until the server ends the connection. */
async function ask(
  { port, tls }: { readonly port: number; readonly tls: ServerCertificate },
  head: string,
  body: string,
) {
  const socket = connect({ host: '127.0.0.1', port, ca: tls.cert });
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  socket.on('error', () => socket.destroy());
  await once(socket, 'secureConnect');
  const length = /content-length/i.test(head) ? [] : [`content-length: ${body.length}`];
  const lines = [head, 'host: walt', 'connection: close', ...length];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  if (!socket.closed) await once(socket, 'close');
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(heard) ?? [];
  const [, json = '{}'] = /\r\n\r\n(.*)$/s.exec(heard) ?? [];
  return { status: Number(status), ...JSON.parse(json) };
}

const RENAME = 'POST /api/v1/nodes/pc-1/rename HTTP/1.1';
const JSON_TYPE = 'content-type: application/json';
const NAME = '{"name":"stolen"}';

test('an administrator with a token is served, and a stranger changes nothing', async (t) => {
  t.timeout(120_000);
  const { token, ask, registry, problems } = await serve(t);
  const own = `authorization: Bearer ${token}`;
  const hostile: readonly (readonly [string, string, number, string])[] = [
    [`${RENAME}\r\n${JSON_TYPE}`, NAME, 401, 'no-token'],
    [`${RENAME}\r\n${JSON_TYPE}\r\nx-walt-user: root-like`, NAME, 401, 'no-token'],
    [`${RENAME}\r\n${JSON_TYPE}\r\ncookie: token=${token}`, NAME, 401, 'no-token'],
    [`${RENAME}\r\n${JSON_TYPE}\r\nauthorization: Bearer walt_foreign`, NAME, 401, 'wrong-token'],
    [`${RENAME}\r\n${JSON_TYPE}\r\nauthorization: Basic cm9vdDpyb290`, NAME, 401, 'no-token'],
    [`${RENAME}\r\n${JSON_TYPE}\r\n${own}\r\norigin: https://evil`, NAME, 403, 'other-origin'],
    [
      `${RENAME}\r\n${own}\r\ncontent-type: application/x-www-form-urlencoded`,
      'name=x',
      415,
      'bad-type',
    ],
    [`${RENAME}\r\n${JSON_TYPE}\r\n${own}`, '{"name":', 400, 'bad-request'],
    [`${RENAME}\r\n${JSON_TYPE}\r\n${own}`, '{"name":"stolen","more":1}', 400, 'bad-request'],
    [`${RENAME}\r\n${JSON_TYPE}\r\n${own}`, '{"name":"stolen","__proto__":{}}', 400, 'bad-request'],
    [`${RENAME}\r\n${JSON_TYPE}\r\n${own}\r\ncontent-length: 2000000`, '', 413, 'too-large'],
    [
      `${RENAME.replace('pc-1', '..%2F..%2Fpc-1')}\r\n${JSON_TYPE}\r\n${own}`,
      NAME,
      404,
      'not-found',
    ],
    ['GET /api/v1/../../etc/passwd HTTP/1.1', '', 404, 'not-found'],
    ['GET /api/v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1', '', 404, 'not-found'],
    ['GET /api/v1/nodes/%ff HTTP/1.1', '', 400, 'bad-request'],
    [`GET /api/v1/nodes HTTP/1.1\r\n${own}x`, '', 401, 'wrong-token'],
    [`GET /api/v1/${'a'.repeat(30_000)} HTTP/1.1`, '', 431, 'too-large'],
    ['OPTIONS /api/v1/nodes HTTP/1.1', '', 404, 'not-found'],
  ];
  for (const [head, body, status, code] of hostile) {
    const { error, ...answer } = await ask(head, body);
    t.deepEqual(answer, { status, code }, head.slice(0, 200));
    t.regex(error, /^[^\n]{10,}$/, head.slice(0, 200));
  }
  t.not(registry.byName('pc-1'), undefined);
  t.is(registry.byName('stolen'), undefined);
  t.is((await ask(`${RENAME}\r\n${JSON_TYPE}\r\n${own}`, NAME)).status, 200);
  t.deepEqual(problems, []);
});

test('whoever types http:// for https:// is told so', async (t) => {
  const platform = await startTestPlatform();
  const { accounts, answers } = platform;
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, onProblem: (reason) => t.log(reason) },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(async () => {
    await api.close();
    await platform.close();
  });
  const answer = await fetch(`http://127.0.0.1:${api.port}/nodes`);
  t.is(answer.status, 400);
  t.regex(await answer.text(), /begin the address with https:\/\//);
  const body = 'x'.repeat(300_000);
  const sent = await fetch(`http://127.0.0.1:${api.port}/api/v1/login`, { method: 'POST', body });
  t.is(sent.status, 400);
});

test('the server ends whoever says nothing to it', async (t) => {
  t.timeout(60_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { accounts, answers } = platform;
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const handshakeMs = 600_000;
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, onProblem: (reason) => t.log(reason) },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined, handshakeMs }),
  });
  const silent = connectPlain({ host: '127.0.0.1', port: api.port });
  const half = connectPlain({ host: '127.0.0.1', port: api.port });
  const ends = [silent, half].map((socket) => new Promise((end) => socket.once('close', end)));
  for (const socket of [silent, half]) socket.on('error', () => socket.destroy());
  await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
  half.write(Buffer.from([22, 3, 1]));
  // Those have been taken by the server that came before this one.
  const known = connect({ host: '127.0.0.1', port: api.port, ca: tls.cert });
  await once(known, 'secureConnect');
  known.on('error', () => known.destroy());
  await api.close();
  await Promise.all(ends);
  t.pass();
});

test('another certificate is shown without a restart', async (t) => {
  const platform = await startTestPlatform();
  const folder = await temporaryFolder(t);
  const tls = await ownCertificate(folder, ['127.0.0.1']);
  const { accounts, answers } = platform;
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, onProblem: (reason) => t.log(reason) },
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(async () => {
    await api.close();
    await platform.close();
  });
  const shown = async () => {
    const socket = connect({ host: '127.0.0.1', port: api.port, ca: tls.cert });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  };
  const before = await shown();
  t.is(await shown(), before);
  api.show(await ownCertificate(folder, ['127.0.0.1', 'more.example']));
  t.not(await shown(), before);
});
