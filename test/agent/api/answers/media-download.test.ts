// Media by HTTPS, as curl(1) gets them: all of it, what is missing, and nothing where it is known.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { serveElsewhere } from '../../../support/remote/served.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

const NAME = 'pc-usb.dd.gz';

async function open(t: ExecutionContext) {
  t.timeout(120_000);
  const folder = await temporaryFolder(t);
  const mediaFolder = join(folder, 'media');
  await mkdir(mediaFolder);
  const content = randomBytes(3_000_000);
  await writeFile(join(mediaFolder, NAME), content);
  await writeFile(join(folder, 'secret'), 'secret');
  const platform = await startTestPlatform({ mediaFolder });
  t.teardown(platform.close);
  const served = await serveElsewhere(t, platform, { user: 'vera', role: 'viewer' });
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, served.tls.cert.split(/(?<=END CERTIFICATE-----)\n/)[1] ?? '');
  const curl = (path: string, ...args: string[]) => {
    const how = ['--silent', '--show-error', '--path-as-is', '--max-time', '60', '--cacert', ca];
    const proof = ['--header', `authorization: Bearer ${served.token}`];
    const told = ['--write-out', '%{http_code} %header{etag} %header{content-range}'];
    return runProgram(['curl', ...how, ...proof, ...told, ...args, `${served.url}${path}`]);
  };
  return { folder, content, curl, mediaFolder };
}

const FILE = `/api/v1/media/${NAME}/file`;

test('a viewer gets a medium, goes on where it broke off, and nothing twice', async (t) => {
  const { folder, content, curl, mediaFolder } = await open(t);
  const sum = createHash('sha256').update(content).digest('hex');
  const file = join(folder, 'got');
  const all = await curl(FILE, '--output', file);
  t.is(all.said.trim(), `200 "${sum}"`);
  t.true((await readFile(file)).equals(content));
  await truncate(file, 1_234_567);
  const rest = await curl(FILE, '--output', file, '--continue-at', '-');
  t.is(rest.said.trim(), `206 "${sum}" bytes 1234567-2999999/3000000`);
  t.true((await readFile(file)).equals(content));
  const known = await curl(FILE, '--header', `if-none-match: "${sum}"`);
  t.is(known.said.trim(), `304 "${sum}"`);
  const beyond = await curl(FILE, '--header', 'range: bytes=3000000-');
  t.regex(beyond.said, /"code":"bad-range".*416 .*bytes \*\/3000000$/);
  await writeFile(join(mediaFolder, NAME), 'another content');
  // What is there now does not go with the parts of before.
  const parts = ['--header', 'range: bytes=5-8', '--header', `if-range: "${sum}"`];
  t.regex((await curl(FILE, ...parts)).said, /^another content200 /);
});

test('no other file is a medium', async (t) => {
  const { curl, folder } = await open(t);
  t.is((await stat(join(folder, 'secret'))).size, 6);
  for (const name of ['secret', '..%2Fsecret', '%2e%2e%2fsecret', 'pxe', 'authority.pem']) {
    const { said } = await curl(`/api/v1/media/${name}/file`);
    t.regex(said, /"code":"not-found".*404/, name);
    t.notRegex(said, /^secret/);
  }
});
