import { copyFile, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import { latePackages } from '../../scripts/bundle/late-packages.ts';
import { $ } from '../../scripts/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.serial('bundle.ts writes programs that run away from the project', async (t) => {
  await $`node scripts/bundle.ts`;
  const folder = await temporaryFolder(t);
  for (const name of ['walt', 'walt-server']) {
    const copy = join(folder, name);
    await copyFile(join('release/dist', name), copy);
    const { stdout } = await $({ cwd: folder })`${[process.execPath, copy, '--version']}`;
    t.regex(stdout, /\d+\.\d+\.\d+/, name);
  }
});

test.serial('bundle.ts leaves a program alone that would not change', async (t) => {
  await $`node scripts/bundle.ts`;
  const before = await stat('release/dist/walt-server');
  await $`node scripts/bundle.ts`;
  const after = await stat('release/dist/walt-server');
  t.is(after.mtimeMs, before.mtimeMs);
  t.is(after.mode & 0o111, 0o111);
});

test.serial('bundle.ts keeps the command free of what only the server needs', async (t) => {
  await $`node scripts/bundle.ts`;
  const carries = async (name: string) =>
    /ZodError|fastify/.test(await readFile(join('release/dist', name), 'utf8'));
  t.deepEqual([await carries('walt-server'), await carries('walt')], [true, false]);
});

/** Prints which of its own modules Node.js has loaded when a program ends. */
const LOADED = `process.on('exit', () => console.log(process.moduleLoadList.join('\\n')));`;

test.serial(
  'the command loads neither TLS nor fetch to ask the server of its machine',
  async (t) => {
    await $`node scripts/bundle.ts`;
    const folder = await temporaryFolder(t);
    const probe = join(folder, 'probe.cjs');
    await writeFile(probe, LOADED);
    const asking = ['env', `WALT_SOCKET=${join(folder, 'none.sock')}`, process.execPath];
    const argv = [...asking, '--require', probe, 'release/dist/walt', 'node', 'show'];
    const { stdout } = await $({ nothrow: true })`${argv}`;
    const loaded = stdout.split('\n').map((line) => line.split(' ').at(-1));
    t.true(loaded.includes('net'), 'it has asked');
    const needless = ['tls', 'https', '_http_client', 'vm', 'internal/deps/undici/undici'];
    t.deepEqual(
      needless.filter((name) => loaded.includes(name)),
      [],
    );
  },
);

/** Each in the ways in which the programs import it. */
const USES = `import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { Marked } from 'marked';
import snmp from 'net-snmp';
import { ClientError } from 'openid-client';
import { mem } from 'systeminformation';
const { WebSocket } = await import('ws');
const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=walt', keys, signingAlgorithm });
const session = snmp.createSession('127.0.0.1', 'public', { version: snmp.Version2c });
session.close();
console.log(
  new Marked().parse('*a*').trim(),
  typeof WebSocket.prototype.ping,
  certificate.subject,
  new ClientError('x') instanceof ClientError,
  (await mem()).total > 0,
  session.constructor.name,
);`;

test('latePackages makes of packages text that works as they do, wherever the program lies', async (t) => {
  const file = join(await temporaryFolder(t), 'program.mjs');
  await build({
    stdin: { contents: USES, resolveDir: process.cwd() },
    ...{ absWorkingDir: process.cwd(), outfile: file, bundle: true, format: 'esm' },
    ...{ platform: 'node', target: 'node24', plugins: [latePackages] },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const { stdout } = await $({ cwd: '/' })`${[process.execPath, file]}`;
  t.is(stdout.trim(), '<p><em>a</em></p> function CN=walt true true Session');
  // As code it would be read at each start.
  t.notRegex(
    await readFile(file, 'utf8'),
    /^\s*(class|function) (WebSocket|Lexer|_Lexer|X509Certificate)\b/m,
  );
});

const SYSTEM_PATH = '/usr/bin:/bin';

/** A folder for PATH whose `node` is of this version, as far as it is asked. */
async function nodeOfVersion(folder: string, version: string): Promise<string> {
  await mkdir(folder);
  const text = `#!/bin/sh\n[ "$1" = -p ] && echo ${version} || echo runs "$@"\n`;
  await writeFile(join(folder, 'node'), text, { mode: 0o755 });
  return `${folder}:${SYSTEM_PATH}`;
}

test.serial('a program finds the node of its clone, whatever is in PATH', async (t) => {
  await $`node scripts/bundle.ts`;
  const PATH = await nodeOfVersion(join(await temporaryFolder(t), 'old'), '20.20.2');
  for (const name of ['walt', 'walt-server']) {
    const { stdout } = await $`env ${`PATH=${PATH}`} release/dist/${name} --version`;
    t.regex(stdout, /\d+\.\d+\.\d+/, name);
  }
});

test.serial('a program finds the node beside it, also through a link', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'bin'));
  await copyFile('release/dist/walt', join(folder, 'bin/walt'));
  await symlink(process.execPath, join(folder, 'bin/node'));
  await symlink(join(folder, 'bin/walt'), join(folder, 'walt'));
  const { stdout } = await $`env ${`PATH=${SYSTEM_PATH}`} ${folder}/walt --version`;
  t.regex(stdout, /\d+\.\d+\.\d+/);
});

test.serial('a program takes a node of PATH that is new enough', async (t) => {
  const folder = await temporaryFolder(t);
  await copyFile('release/dist/walt', join(folder, 'walt'));
  const PATH = await nodeOfVersion(join(folder, 'new'), '24.1.0');
  const { stdout } = await $`env ${`PATH=${PATH}`} ${folder}/walt node show`;
  t.is(stdout, `runs ${folder}/walt node show\n`);
});

test.serial('a program says in one sentence that there is no node for it', async (t) => {
  const folder = await temporaryFolder(t);
  await copyFile('release/dist/walt', join(folder, 'walt'));
  const PATH = await nodeOfVersion(join(folder, 'old'), '20.20.2');
  const { exitCode, stderr } = await $({
    nothrow: true,
  })`env ${`PATH=${PATH}`} ${folder}/walt --version`;
  t.is(exitCode, 1);
  t.regex(
    stderr,
    /^Cannot start walt: the node of PATH is 20\.20\.2, expected Node\.js 24 [^\n]*\n$/,
  );
});
