// Users bring images of their own in from another machine: what they may, and where it ends.
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { serveElsewhere } from '../../../support/remote/served.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

async function open(t: ExecutionContext) {
  t.timeout(3 * 60_000);
  const folder = await temporaryFolder(t);
  const layout = await makeShellImage(join(folder, 'made'));
  const archive = join(folder, 'pc.tar');
  await succeed(['tar', '--create', '--file', archive, '--directory', layout, '.']);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const served = await serveElsewhere(t, platform, { user: 'uma', role: 'user' });
  const words = Object.entries(served.env).map(([name, value]) => `${name}=${value}`);
  const walt = (...args: string[]) =>
    runProgram(['env', ...words, process.execPath, WALT, ...args], { seconds: 120 });
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, served.tls.cert.split(/(?<=END CERTIFICATE-----)\n/)[1] ?? '');
  const curl = async (path: string, ...args: string[]) => {
    const how = [
      '--silent',
      '--show-error',
      '--max-time',
      '100',
      '--cacert',
      ca,
      '--request',
      'POST',
    ];
    const proof = ['--header', `authorization: Bearer ${served.token}`];
    const told = ['--write-out', '\n%{http_code}'];
    const { said } = await runProgram(
      ['curl', ...how, ...proof, ...told, ...args, `${served.url}/api/v1${path}`],
      { seconds: 120 },
    );
    const [text = '{}', status] = said.trim().split(/\n(?=\d+$)/);
    return { status: Number(status), ...(text.includes('\n') ? { text } : JSON.parse(text)) };
  };
  const json = ['--header', 'content-type: application/json', '--data'];
  const bytes = ['--header', 'content-type: application/octet-stream', '--data-binary'];
  return { platform, folder, layout, archive, walt, curl, json, bytes };
}

test('a user imports an image of theirs from another machine, and boots it', async (t) => {
  const { platform, archive, layout, walt } = await open(t);
  const imported = await walt('image', 'import', archive, '--name', 'mine');
  t.is(imported.code, 0, imported.said);
  t.deepEqual(
    platform.images.all().map(({ name }) => name),
    ['uma/mine:latest'],
  );
  const folder = await walt('image', 'import', layout, '--name', 'uma/second');
  t.is(folder.code, 0, folder.said);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.61' }));
  const booted = await walt('node', 'boot', 'pc-1', 'mine');
  t.regex(booted.said, /pc-1/);
  t.deepEqual(await readdir(join(platform.folder, 'tmp/uploads')), []);
});

test('nothing of others is made or replaced by it, and no path of the server is named', async (t) => {
  const { platform, archive, layout, walt, curl, json } = await open(t);
  await platform.images.import(layout, { name: 'bob/pc:latest', progress: () => undefined });
  const before = await readFile(join(layout, 'index.json'), 'utf8');
  for (const name of ['bob/pc', 'bob/new', 'waltplatform/pc-x86-64-default']) {
    const refused = await walt('image', 'import', archive, '--name', name, '--yes');
    t.not(refused.code, 0, name);
    t.regex(refused.said, new RegExp(`it would be ${name}:latest, .* Name it: uma/`));
  }
  const named = await curl(
    '/images/import',
    ...json,
    JSON.stringify({ source: layout, name: 'uma/x' }),
  );
  t.like(named, { status: 403, code: 'no-right' });
  t.regex(named.error, /path of the server: it takes role admin, yours is user; send the archive/);
  t.deepEqual(
    platform.images.all().map(({ name }) => name),
    ['bob/pc:latest'],
  );
  t.is(await readFile(join(layout, 'index.json'), 'utf8'), before);
});

test('a user has a share of uploads, each of them has an end, and folders are for administrators', async (t) => {
  const { platform, folder, archive, curl, bytes } = await open(t);
  t.like(await curl('/uploads/tar/x', ...bytes, `@${archive}`), { status: 403, code: 'no-right' });
  const large = join(folder, 'large');
  await writeFile(large, '');
  await truncate(large, 60_000_000);
  const refused = await curl('/uploads/file/x', ...bytes, `@${large}`);
  t.like(refused, { status: 413, code: 'too-large' });
  t.regex(refused.error, /more than 50\.0 MB, the most that a user may send now/);
  for (const name of ['one', 'two']) {
    t.is((await curl(`/uploads/file/${name}`, ...bytes, 'x')).status, 200);
  }
  t.like(await curl('/uploads/file/three', ...bytes, 'x'), { status: 429, code: 'share-taken' });
  const { signal } = new AbortController();
  const upload = { form: 'file', name: 'x', user: 'root', signal } as const;
  await mkdir(join(folder, 'other'));
  const asAdmin = platform.answers['uploads.create'](upload, {
    ...{ user: 'root', role: 'admin', from: '', signal },
    bytes: createReadStream(archive),
  });
  t.regex((await asAdmin).upload, /^[0-9a-f-]{36}$/, 'others find room');
});
