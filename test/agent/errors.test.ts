// What errors of files and of the net say to a person.
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import test from 'ava';
import { diskWords, isSystemError, messageOf } from '../../agent/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('messageOf() has words for what the kernel says of connections', async (t) => {
  const [refused] = await once(connect(1, '127.0.0.1'), 'error').catch((error) => [error]);
  t.is(messageOf(refused), 'nothing listens there (127.0.0.1:1)');
  const missing = await once(connect('/nowhere/socket'), 'error').catch((error) => [error]);
  t.is(messageOf(missing[0]), 'connect ENOENT /nowhere/socket');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const second = createServer().listen(port, '127.0.0.1');
  const taken = await once(second, 'listening').catch((error) => error);
  t.is(messageOf(taken), `another program has this address and port (127.0.0.1:${port})`);
});

test('messageOf() has words for what fetch does not say itself', async (t) => {
  const failed = await t.throwsAsync(fetch('http://127.0.0.1:9/'));
  t.false(/fetch failed/.test(messageOf(failed)), messageOf(failed));
  const refused = await t.throwsAsync(fetch('http://127.0.0.1:10009/'));
  t.is(messageOf(refused), 'nothing listens there (127.0.0.1:10009)');
});

for (const [message, words] of [
  ['connect EHOSTUNREACH 10.0.0.1:80 - Local (10.0.0.2:0)', /^it is off, .* \(10\.0\.0\.1:80\)$/],
  ['getaddrinfo ENOTFOUND no.such.host', /^no machine of this name is known \(no\.such\.host\)$/],
  ['getaddrinfo EAI_AGAIN host', /^its name cannot be looked up now \(host\)$/],
  ['read ECONNRESET', /^it closed the connection$/],
  ['connect ETIMEDOUT 10.0.0.1:80', /^it does not answer \(10\.0\.0\.1:80\)$/],
  ['bind EACCES 0.0.0.0:69', /^permission denied \(0\.0\.0\.0:69\)$/],
  ['ENOSPC: no space left on device, write', /^the disk is full$/],
  ["ENOENT: no such file or directory, open '/x y'", /^there is no \/x y$/],
  [
    "ENOENT: no such file or directory, mkdtemp '/no/where/b.work-XXXXXX'",
    /^there is no folder \/no\/where$/,
  ],
  [
    "ENOENT: no such file or directory, rename '/a' -> '/b/c'",
    /^there is no \/a, or no folder \/b$/,
  ],
  ["EISDIR: illegal operation on a directory, rename '/a' -> '/b'", /^\/b is a folder$/],
  ["EACCES: permission denied, scandir '/root'", /^no right to use \/root$/],
  ["ENOTDIR: not a directory, open '/etc/motd/x'", /^a part of \/etc\/motd\/x is no folder$/],
  ['EISDIR: illegal operation on a directory, read', /^it is a folder$/],
  ["EROFS: read-only file system, open '/x'", /^the disk is read-only$/],
  ['spawn skopeo ENOENT', /^there is no program skopeo$/],
  ['EUNKNOWN: something, open', /^EUNKNOWN: something, open$/],
  ['something else', /^something else$/],
] as const) {
  test(`messageOf() of '${message}'`, (t) => {
    t.regex(messageOf(new Error(message)), words);
  });
}

test('messageOf() has words for what the kernel says of files', async (t) => {
  const folder = await temporaryFolder(t);
  const missing = await t.throwsAsync(readFile(join(folder, 'a')));
  t.is(messageOf(missing), `there is no ${join(folder, 'a')}`);
  t.is(messageOf(await t.throwsAsync(readFile(folder))), 'it is a folder');
  const work = await t.throwsAsync(mkdtemp(join(folder, 'a/b-')));
  t.is(messageOf(work), `there is no folder ${join(folder, 'a')}`);
  await writeFile(join(folder, 'file'), '');
  const through = await t.throwsAsync(readFile(join(folder, 'file/a')));
  t.is(messageOf(through), `a part of ${join(folder, 'file/a')} is no folder`);
  t.true(isSystemError(missing));
  t.false(isSystemError(new TypeError('a fault of ours')));
});

test('messageOf() of an option that a program does not know', (t) => {
  const thrown = t.throws(() => parseArgs({ args: ['--bad'], options: {} }));
  t.is(messageOf(thrown), "Unknown option '--bad'");
});

test('messageOf() of several tries tells of the first', (t) => {
  const tries = ['connect ECONNREFUSED ::1:80', 'connect ECONNREFUSED 127.0.0.1:80'];
  const all = new AggregateError(tries.map((text) => new Error(text)));
  t.is(messageOf(all), 'nothing listens there (::1:80)');
});

for (const [message, words] of [
  ['ENOSPC: no space left on device, write', 'the disk is full'],
  ['EROFS: read-only file system, open', 'the disk is read-only'],
  ['database or disk is full', 'the disk is full'],
  ['Cannot write to /x/walt.db: disk I/O error', 'the disk is full or broken'],
  ['EACCES: permission denied, open', undefined],
] as const) {
  test(`diskWords() of '${message}'`, (t) => {
    t.is(diskWords(new Error(message)), words);
  });
}

test('messageOf() is text whatever a package has made the message of its error', (t) => {
  const error = Object.assign(new Error('x'), { message: 5 as unknown as string });
  t.is(messageOf(error), '5');
});
