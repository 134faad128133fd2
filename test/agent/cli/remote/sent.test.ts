// `walt image import|cp|build` from another machine: what they name is sent, whatever its size, and nothing of it stays on the server.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { serveElsewhere } from '../../../support/remote/served.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../test-platform.ts';
import { startWalt } from '../walt-process.ts';

const MEGABYTE = 2 ** 20;

async function has(folder: string, count: number): Promise<boolean> {
  for (let tries = 0; tries < 400; tries += 1) {
    const names = await readdir(folder).catch(() => []);
    if (names.length === count) return true;
    await sleep(25);
  }
  return false;
}

test('images, build folders and big files go to the server, and nothing else of this machine', async (t) => {
  t.timeout(5 * 60_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { env, port, tls, token } = await serveElsewhere(t, platform, {
    user: 'alice',
    role: 'admin',
  });
  const folder = await temporaryFolder(t);
  const layout = await makeShellImage(join(folder, 'layout'));
  const walt = (...args: string[]) => startWalt(args, env).result;
  const imported = await walt('image', 'import', layout, '--name', 'alice/pc');
  t.is(imported.code, 0, imported.err);
  t.regex(imported.out, /alice\/pc:latest is ready/);
  const archive = join(folder, 'archive.tar');
  await succeed(['tar', '--create', '--file', archive, '--directory', layout, '.']);
  t.is((await walt('image', 'import', archive, '--name', 'alice/second')).code, 0);
  // Another user's image of that name: asked for first, sent once.
  const others = await walt('image', 'import', archive, '--name', 'bob/pc', '--yes');
  t.is(others.code, 0, others.err);
  t.regex((await walt('image', 'import', '/nowhere/x')).err, /There is no \/nowhere\/x/);
  const big = join(folder, 'big');
  await writeFile(big, randomBytes(96 * MEGABYTE));
  const sum = (await succeed(['sha256sum', big])).stdout.toString().slice(0, 64);
  const copied = await walt('image', 'cp', big, 'pc:/root/big');
  t.is(copied.code, 0, copied.err);
  const root = platform.images.rootOf(platform.images.keyOf('alice/pc:latest') ?? '');
  const there = await succeed(['sha256sum', join(root, 'root/big')]);
  t.is(there.stdout.toString().slice(0, 64), sum);
  const back = join(folder, 'back');
  t.is((await walt('image', 'cp', 'pc:/root/big', back)).code, 0);
  t.is((await succeed(['sha256sum', back])).stdout.toString().slice(0, 64), sum);
  const context = join(folder, 'context');
  await mkdir(context);
  const unbuilt = await walt('image', 'build', 'built', '--from-dir', context);
  t.regex(unbuilt.err, /^Cannot build from context: there is no Dockerfile in it$/m);
  const notes = join(folder, 'notes.tar');
  await writeFile(notes, 'notes');
  t.regex(
    (await walt('image', 'import', notes)).err,
    /^Cannot import notes\.tar: it is no OCI image/m,
  );
  await writeFile(join(context, 'Dockerfile'), 'FROM alice/pc\nCOPY motd /etc/motd\n');
  await writeFile(join(context, 'motd'), 'from elsewhere');
  const built = await walt('image', 'build', 'built', '--from-dir', context);
  t.is(built.code, 0, built.err);
  // A connection that breaks off.
  const uploads = join(platform.folder, 'tmp/uploads');
  const asking = request({
    ...{ host: '127.0.0.1', port, ca: tls.cert, agent: false, method: 'POST' },
    path: '/api/v1/uploads/file/broken',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
  });
  asking.on('error', () => undefined);
  asking.write(randomBytes(MEGABYTE));
  t.true(await has(uploads, 1));
  asking.destroy();
  t.true(await has(uploads, 0));
});

test('a server that is a user of its own is sent what people name, also on its socket', async (t) => {
  t.timeout(120_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const folder = await temporaryFolder(t);
  const layout = await makeShellImage(join(folder, 'layout'));
  const archive = join(folder, 'archive.tar');
  await succeed(['tar', '--create', '--file', archive, '--directory', layout, '.']);
  // Who opens the pipe first has all of it: a server that reads it by its path finds no archive there.
  const pipe = join(folder, 'pipe');
  await succeed(['mkfifo', pipe]);
  const imported = async (name: string) => {
    const writing = runProgram(['sh', '-c', `cat ${archive} > ${pipe}`], { seconds: 60 });
    const answer = await startWalt(['image', 'import', pipe, '--name', name], {
      WALT_SOCKET: join(folder, 'patient.sock'),
    }).result;
    await writing;
    return answer;
  };
  // It ends no connection: `walt` is not to wait for that.
  const socket = join(folder, 'patient.sock');
  const patient = createServer((client) => {
    const server = connect(platform.socket);
    client.pipe(server).on('data', (bytes: Buffer) => client.write(bytes));
    for (const each of [client, server]) each.on('error', () => undefined);
  }).listen(socket);
  t.teardown(() => patient.close());
  await once(patient, 'listening');
  await chown(socket, 47_001, 47_001);
  const { code, out, err } = await imported('alice/pc');
  t.is(code, 0, err);
  t.regex(out, /alice\/pc:latest is ready/);
});

test('who may not is told so, however much they would send', async (t) => {
  t.timeout(120_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { env } = await serveElsewhere(t, platform, { user: 'carol', role: 'viewer' });
  const folder = await temporaryFolder(t);
  const big = join(folder, 'big.tar');
  await succeed(['truncate', '--size', '300M', big]);
  const refused = await startWalt(['image', 'import', big, '--name', 'carol/x'], env).result;
  t.is(refused.code, 1);
  t.regex(refused.err, /takes role user, yours is viewer/);
  const { code } = await runProgram(['test', '-e', join(platform.folder, 'tmp/uploads')]);
  t.is(code, 1);
});
