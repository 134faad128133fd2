// The examples of the package `walt-api`, as programs, against a server by HTTPS and by its socket; and the package as people get it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { serveElsewhere } from '../../support/remote/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestPlatform } from '../cli/test-platform.ts';

const PACKAGE = join(import.meta.dirname, '../../../clients/typescript');
const NODE = nodeNamed('pi-1', { ip: '127.0.152.11', image: 'alice/pi:latest' });

async function open(t: ExecutionContext) {
  t.timeout(180_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, NODE);
  const served = await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
  const ca = join(await temporaryFolder(t), 'ca.pem');
  await writeFile(ca, served.tls.cert.split(/(?<=END CERTIFICATE-----)\n/)[1] ?? '');
  const places = [
    { WALT_SERVER: served.url, WALT_TOKEN: served.token, WALT_CA: ca },
    { WALT_SERVER: '', WALT_SOCKET: platform.socket, WALT_USER: 'alice' },
  ];
  return { platform, places };
}

async function run(env: Record<string, string>, file: string, ...args: string[]) {
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return await runProgram(['env', ...given, process.execPath, file, ...args], { seconds: 60 });
}

const example = (name: string) => join(PACKAGE, 'examples', `${name}.ts`);

test('each example does what it says, elsewhere and on the server', async (t) => {
  const { platform, places } = await open(t);
  platform.consoles.setInput(NODE.mac, 'serial', {
    type: async (bytes) => {
      const keys = Buffer.from(bytes).toString().trim();
      await platform.consoles.hear(NODE.mac, 'serial', Buffer.from(`heard ${keys}\n`));
    },
  });
  for (const env of places) {
    const nodes = await run(env, example('nodes'));
    t.is(nodes.code, 0, nodes.said);
    t.regex(
      nodes.said,
      /^pi-1 pc-x86-64 alice\/pi:latest never-booted\nnot-found No device .*'nothing'/,
    );
    platform.publish([{ kind: 'machine-said', node: 'pi-1', text: 'is here' }]);
    const logs = await run(env, example('logs'));
    t.is(logs.code, 0, logs.said);
    t.regex(logs.said, /walt-server platform\.nodes virtual node pi-1 is here/);
    const late = await run(env, example('run'), 'pi-1');
    t.is(late.code, 1, late.said);
    t.regex(late.said, /^Not booted within 2 s: pi-1$/m);
    const typed = await run(env, example('console'), 'pi-1', 'ls');
    t.is(typed.code, 0, typed.said);
    t.regex(typed.said, /heard ls/);
  }
});

const SCRIPT = `
import { connectByEnvironment, WaltError } from 'walt-api';
import { Readable } from 'node:stream';
const walt = await connectByEnvironment();
const codes = [];
const refused = async (work) => {
  try { await work(); } catch (reason) {
    if (!(reason instanceof WaltError)) throw reason;
    codes.push(reason.status + ' ' + reason.code);
  }
};
await refused(() => walt.lines('database.sql', { sql: 'SELECT 1' }).next());
await refused(() => walt.open('consoles.attach', { node: 'nothing' }));
await refused(() => walt.call('uploads.create', { form: 'tar', name: 'x' }, { body: Readable.from([Buffer.from('x')]) }));
const text = await walt.text('server.metrics');
console.log(codes.join(', '), /walt_devices/.test(text));
const ran = await walt.run(['pi-1'], 'true');
console.log(ran.get('pi-1').error);
`;

test('the package of a release works where it is installed, and its types are right', async (t) => {
  const { places } = await open(t);
  const folder = await temporaryFolder(t);
  const installed = join(folder, 'node_modules/walt-api');
  await mkdir(installed, { recursive: true });
  const tsc = join(PACKAGE, '../../node_modules/.bin/tsc');
  const build = ['--project', join(PACKAGE, 'tsconfig.build.json'), '--outDir'];
  await succeed([tsc, ...build, join(installed, 'dist')], { seconds: 120 });
  const { private: _private, ...own } = JSON.parse(
    await readFile(join(PACKAGE, 'package.json'), 'utf8'),
  );
  const exported = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
  await writeFile(join(installed, 'package.json'), JSON.stringify({ ...own, exports: exported }));
  const script = join(folder, 'script.mjs');
  await writeFile(script, SCRIPT);
  const ran = await run(places[0] ?? {}, script);
  t.is(ran.code, 0, ran.said);
  t.regex(ran.said, /^403 no-right, 404 not-found, 403 no-right true$/m);
  t.regex(ran.said, /^Cannot enter pi-1/m);
  const typed = async (text: string) => {
    await writeFile(join(folder, 'typed.mts'), `import { connect } from 'walt-api';\n${text}`);
    const how = '--ignoreConfig --noEmit --strict --module nodenext --target es2024';
    return await runProgram(['sh', '-c', `cd ${folder} && ${tsc} ${how} typed.mts`], {
      seconds: 120,
    });
  };
  const walt = 'const walt = await connect();\n';
  const right = await typed(
    `${walt}const [one] = await walt.nodes(); one?.state satisfies string | undefined;`,
  );
  t.is(right.code, 0, right.said);
  const wrong = await typed(`${walt}await walt.call('nodes.show', { nodes: 'pi-1' });`);
  t.regex(wrong.said, /nodes/);
  t.not(wrong.code, 0);
});

test('a server whose authority nobody named gets no token, and the reason says what to name', async (t) => {
  const { places } = await open(t);
  const { WALT_CA: _ca, ...env } = places[0] as Record<string, string>;
  const refused = await run(env, example('nodes'));
  t.is(refused.code, 1);
  t.regex(
    refused.said,
    /WaltError: Cannot tell whether this is the server: .*: give ca, or WALT_CA, .*walt-server authority prints/,
  );
});
