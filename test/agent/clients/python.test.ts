// The examples of the Python package, as programs, against a server by HTTPS and by its socket.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { serveElsewhere } from '../../support/remote/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestPlatform } from '../cli/test-platform.ts';

const PACKAGE = join(import.meta.dirname, '../../../clients/python');

async function open(t: ExecutionContext) {
  t.timeout(120_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pi-1', { ip: '127.0.152.11', image: 'alice/pi:latest' }));
  const { url, token, tls } = await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
  const ca = join(await temporaryFolder(t), 'ca.pem');
  await writeFile(ca, tls.cert.split(/(?<=END CERTIFICATE-----)\n/)[1] ?? '');
  const places = [
    { WALT_SERVER: url, WALT_TOKEN: token, WALT_CA: ca },
    { WALT_SOCKET: platform.socket, WALT_USER: 'alice' },
  ];
  return { platform, places };
}

async function python(env: Record<string, string>, ...args: string[]) {
  const words = Object.entries({ PYTHONPATH: PACKAGE, PYTHONDONTWRITEBYTECODE: '1', ...env });
  const given = words.map(([name, value]) => `${name}=${value}`);
  return await runProgram(['env', ...given, 'python3', ...args], { seconds: 60 });
}

async function hasPython(t: ExecutionContext): Promise<boolean> {
  const { code } = await runProgram(['sh', '-c', 'python3 -c "import ssl"']);
  if (code === 0) return true;
  t.log('skipped: this machine has no python3');
  t.pass();
  return false;
}

test('each example does what it says, elsewhere and on the server', async (t) => {
  if (!(await hasPython(t))) return;
  const { platform, places } = await open(t);
  for (const env of places) {
    const example = (name: string, ...args: string[]) =>
      python(env, join(PACKAGE, 'examples', `${name}.py`), ...args);
    const nodes = await example('nodes');
    t.is(nodes.code, 0, nodes.said);
    t.regex(
      nodes.said,
      /^pi-1 pc-x86-64 alice\/pi:latest never-booted\nnot-found No device .*'nothing'/,
    );
    t.is((await example('images')).code, 0);
    platform.publish([{ kind: 'machine-said', node: 'pi-1', text: 'is here' }]);
    const logs = await example('logs');
    t.is(logs.code, 0, logs.said);
    t.regex(logs.said, /walt-server platform\.nodes virtual node pi-1 is here/);
    const late = await example('run', 'pi-1');
    t.is(late.code, 1);
    t.regex(late.said, /^not booted within 2 s: pi-1$/m);
  }
});

test('a server that is not there, and a file that is no authority, are named', async (t) => {
  if (!(await hasPython(t))) return;
  const script = `
from walt import Client
for where in ({}, {"server": "https://127.0.0.1:1"}, {"server": "https://127.0.0.1:1", "ca": "/nowhere"}):
    try:
        Client(**where).nodes()
    except (ConnectionError, ValueError) as error:
        print(error)
`;
  const { said } = await python({ WALT_SOCKET: '/nowhere/socket' }, '-c', script);
  t.regex(
    said,
    /^Cannot reach \/nowhere\/socket: No such file or directory\. Is walt-server running/m,
  );
  t.regex(said, /^Cannot reach https:\/\/127\.0\.0\.1:1: Connection refused\./m);
  t.regex(said, /^Cannot use ca \/nowhere: No such file or directory, expected what walt-server/m);
});

test('a command on nodes says for each how it ended, and a refusal has its code', async (t) => {
  if (!(await hasPython(t))) return;
  const { places } = await open(t);
  const script = `
from walt import Client, WaltError
walt = Client()
print(walt.run("pi-1", "true"))
try:
    walt.database_sql(sql="SELECT 1")
except WaltError as error:
    print(error.status, error.code)
`;
  const ran = await python(places[0] ?? {}, '-c', script);
  t.is(ran.code, 0, ran.said);
  t.regex(ran.said, /'pi-1': \{'status': None, 'out': b'', .*'error': 'Cannot enter pi-1/);
  t.regex(ran.said, /^403 no-right$/m);
  const foreign = await python(
    { ...places[0], WALT_CA: '/etc/ssl/certs/ca-certificates.crt' },
    '-c',
    script,
  );
  t.not(foreign.code, 0);
  t.regex(foreign.said, /certificate verify failed|No such file/);
  const wrong = await python({ ...places[0], WALT_TOKEN: 'walt_none' }, '-c', script);
  t.regex(wrong.said, /WaltError: /);
});

test('an answer in lines may be silent for longer than other answers', async (t) => {
  if (!(await hasPython(t))) return;
  const { places } = await open(t);
  const script = `
from walt import Client
print(list(Client(timeout=1).logs_read(streams="none", realtime=True, seconds=2)))
`;
  for (const env of places) {
    const ran = await python(env, '-c', script);
    t.is(ran.code, 0, ran.said);
    t.is(ran.said.trim(), '[]');
  }
});

test('a server whose authority nobody named gets no token, and the reason says what to name', async (t) => {
  if (!(await hasPython(t))) return;
  const { places } = await open(t);
  const { WALT_CA: _ca, ...env } = places[0] as Record<string, string>;
  const refused = await python(env, join(PACKAGE, 'examples', 'nodes.py'));
  t.is(refused.code, 1);
  t.regex(
    refused.said,
    /WaltError: Cannot tell whether this is the server: .*: give ca, or WALT_CA, .*walt-server authority prints/,
  );
});
