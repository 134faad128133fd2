import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { archiveOf } from '../../../scripts/inputs/debian-archive.ts';
import { fetchInput, placesOf } from '../../../scripts/inputs/fetch.ts';
import type { UrlInput } from '../../../scripts/inputs/input.ts';

const CONTENT = 'firmware of a board';

/** An input whose address nobody serves: a test that asks for it fails, as nothing listens on the discard port. */
const input: UrlInput = {
  kind: 'url',
  file: 'firmware-1.bin',
  url: 'http://127.0.0.1:9/firmware.bin',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};

async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'walt-fetch-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
}

async function serve(t: ExecutionContext, content: string) {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/firmware.bin`, requests: () => requests };
}

test('fetchInput() takes a file from the mirror folder and keeps it in the cache', async (t) => {
  const [cache, mirror] = [await folder(t), await folder(t)];
  await writeFile(join(mirror, input.file), CONTENT);
  const path = await fetchInput(input, { cache, mirror });
  t.is(await readFile(path, 'utf8'), CONTENT);
  t.is(await fetchInput(input, { cache }), path);
});

test('fetchInput() downloads a file once', async (t) => {
  const cache = await folder(t);
  const { url, requests } = await serve(t, CONTENT);
  const path = await fetchInput({ ...input, url }, { cache });
  t.is(await readFile(path, 'utf8'), CONTENT);
  await fetchInput({ ...input, url }, { cache });
  t.is(requests(), 1);
});

test('fetchInput() lets two builds fetch the same file at once', async (t) => {
  const cache = await folder(t);
  const { url } = await serve(t, CONTENT);
  const paths = await Promise.all([1, 2, 3].map(() => fetchInput({ ...input, url }, { cache })));
  t.is(new Set(paths).size, 1);
  t.deepEqual(await readdir(join(cache, 'inputs', input.sha256)), [input.file]);
});

const refused = { message: new RegExp(`${input.file}.* [0-9a-f]{64}, expected ${input.sha256}`) };

test('fetchInput() refuses other content in the mirror folder', async (t) => {
  const [cache, mirror] = [await folder(t), await folder(t)];
  await writeFile(join(mirror, input.file), 'other');
  await t.throwsAsync(fetchInput(input, { cache, mirror }), refused);
});

test('fetchInput() refuses other content in the cache', async (t) => {
  const cache = await folder(t);
  await mkdir(join(cache, 'inputs', input.sha256), { recursive: true });
  await writeFile(join(cache, 'inputs', input.sha256, input.file), 'other');
  await t.throwsAsync(fetchInput(input, { cache }), refused);
});

test('fetchInput() refuses a download with other content, and keeps nothing of it', async (t) => {
  const cache = await folder(t);
  const { url } = await serve(t, 'other');
  await t.throwsAsync(fetchInput({ ...input, url }, { cache }), refused);
  t.deepEqual(await readdir(join(cache, 'inputs', input.sha256)), []);
});

test('fetchInput() says where it looked and what to do when nobody has the file', async (t) => {
  const cache = await folder(t);
  await t.throwsAsync(fetchInput(input, { cache }), {
    message: /firmware-1\.bin from http:\/\/127\.0\.0\.1:9.*WALT_MIRROR/s,
  });
});

test('placesOf() prefers WALT_CACHE to the cache folder of the user', (t) => {
  const env = { WALT_CACHE: '/a', XDG_CACHE_HOME: '/b' };
  t.is(placesOf(env, '/nowhere').cache, '/a');
  t.is(placesOf({ XDG_CACHE_HOME: '/b' }, '/nowhere').cache, '/b/walt');
});

test('placesOf() knows a mirror folder only where there is one', async (t) => {
  t.is(placesOf({}, '/nowhere/main').mirror, undefined);
  const mirror = await folder(t);
  t.is(placesOf({ WALT_MIRROR: mirror }, '/nowhere').mirror, mirror);
});

const targets = [
  'bookworm-updates main http://a.test/debian/',
  'bookworm contrib http://b.test/debian/',
  'bookworm main http://c.test/debian/',
  'bookworm-security main http://d.test/debian-security/',
].join('\n');

test("archiveOf() finds the archive of the host's own release", (t) => {
  t.is(archiveOf('bookworm', targets), 'http://c.test/debian/');
});

test('archiveOf() finds nothing where apt knows other releases only', (t) => {
  t.is(archiveOf('trixie', targets), undefined);
});
