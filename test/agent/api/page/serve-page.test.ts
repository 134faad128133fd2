// The page as browsers get it: forms, caches, policy; and that no path leads to anything else.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import test from 'ava';
import fastify from 'fastify';
import { formOf, readPage } from '../../../../agent/api/page/page-files.ts';
import { PAGE_HEADERS, servePage } from '../../../../agent/api/page/serve-page.ts';
import { bundlePage } from '../../../support/page/bundled-page.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const FIRST_PAINT_BYTES = 150 * 1024;

test('the page is served in the form that a browser takes, and kept by it', async (t) => {
  const folder = await temporaryFolder(t);
  await bundlePage(folder);
  await writeFile(join(folder, 'secret.txt'), 'secret');
  const api = fastify();
  t.teardown(() => api.close());
  servePage(api, await readPage(folder));
  const get = (url: string, headers: Record<string, string> = {}) => api.inject({ url, headers });

  const plain = await get('/nodes/pc-1?tab=log');
  t.like(plain, { statusCode: 200, headers: { ...PAGE_HEADERS, 'cache-control': 'no-cache' } });
  t.notRegex(plain.body, /<style|style=|onload|<script(?![^>]*\bsrc=)/, 'nothing is inline');
  const [, script = ''] = /src="(\/main-\w+\.js)"/.exec(plain.body) ?? [];
  const [, style = ''] = /href="(\/page-\w+\.css)"/.exec(plain.body) ?? [];

  const whole = await get(script);
  t.regex(String(whole.headers['cache-control']), /immutable/);
  const gzip = await get(script, { 'accept-encoding': 'gzip, deflate' });
  t.deepEqual(gunzipSync(gzip.rawPayload), whole.rawPayload);
  const br = await get(script, { 'accept-encoding': 'gzip, br' });
  t.deepEqual(brotliDecompressSync(br.rawPayload), whole.rawPayload);
  const known = { 'accept-encoding': 'br', 'if-none-match': String(br.headers.etag) };
  t.like(await get(script, known), { statusCode: 304, body: '' });

  const parts = [...whole.body.matchAll(/from"\.\/(part-\w+\.js)"/g)].map(([, name]) => `/${name}`);
  let bytes = 0;
  for (const path of ['/', style, script, ...parts]) {
    bytes += (await get(path, { 'accept-encoding': 'gzip' })).rawPayload.length;
  }
  t.log(`${bytes} bytes gzipped before the first paint`);
  t.true(bytes <= FIRST_PAINT_BYTES);
  t.notRegex(whole.body, /xterm|dagre/i, 'console and topology are loaded when they are opened');

  for (const path of [
    '/secret.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/main.js',
    '/etc/passwd',
    '//nodes',
  ]) {
    t.is((await get(path)).statusCode, 404, path);
  }
});

test('formOf() takes what a browser names and does not refuse', (t) => {
  t.is(formOf('gzip, deflate, br, zstd'), 'br');
  t.is(formOf('gzip;q=0.5, br;q=0'), 'gzip');
  t.is(formOf('identity'), 'identity');
  t.is(formOf(undefined), 'identity');
});
