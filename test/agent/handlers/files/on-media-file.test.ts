// Media as a person fetches them: the real server, and curl.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { onMediaFile } from '../../../../agent/handlers/files/on-media-file.ts';
import { MediaShelf } from '../../../../agent/media/media-shelf.ts';
import { serveHttp } from '../../../support/servers/http-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const CONTENT = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));

async function serveMedia(t: ExecutionContext) {
  const above = await temporaryFolder(t);
  const folder = join(above, 'media');
  await mkdir(folder);
  await writeFile(join(above, 'secret'), 'secret');
  await writeFile(join(folder, 'walt-server'), 'secret');
  await writeFile(join(folder, 'pc-usb.dd.gz'), CONTENT);
  const shelf = new MediaShelf(folder);
  return await serveHttp(t, { handler: (path) => onMediaFile(path, shelf) });
}

test('/media/ lists the media, with and without its slash', async (t) => {
  const { curl } = await serveMedia(t);
  for (const path of ['/media/', '/media', '//media/', '/media/?x=y']) {
    const { stdout } = await curl(path, '--include');
    t.regex(stdout.toString(), /content-type: text\/html; charset=utf-8/i, path);
    t.regex(stdout.toString(), /href="\/media\/pc-usb\.dd\.gz"/, path);
  }
});

test('/media/index.json is JSON', async (t) => {
  const { curl } = await serveMedia(t);
  const { stdout } = await curl('/media/index.json');
  const { media } = JSON.parse(stdout.toString());
  t.like(media, { length: 1, 0: { name: 'pc-usb.dd.gz', bytes: CONTENT.length } });
  t.regex((await curl('/media/index.json', '--head')).said, /content-type: application\/json/i);
});

test('a medium is sent whole, in part, and not again to who has it', async (t) => {
  const { curl } = await serveMedia(t);
  const path = '/media/pc-usb.dd.gz';
  t.true((await curl(path)).stdout.equals(CONTENT));
  const { said } = await curl(path, '--head');
  t.regex(said, /content-length: 100000/i);
  t.regex(said, /content-type: application\/gzip/i);
  const [, tag = ''] = /etag: (\S+)/i.exec(said) ?? [];
  const again = await curl(path, '--include', '-H', `If-None-Match: ${tag}`);
  t.regex(again.stdout.toString(), /^HTTP\/1\.1 304/);
  const part = await curl(path, '-r', '5-9', '-w', '%{http_code}');
  t.true(part.stdout.equals(Buffer.concat([CONTENT.subarray(5, 10), Buffer.from('206')])));
  const none = await curl(path, '-r', '100000-', '-w', '%{http_code}');
  t.is(none.stdout.toString(), '416');
});

test('several ranges of a medium are answered by all of it', async (t) => {
  const { curl } = await serveMedia(t);
  const { stdout } = await curl('/media/pc-usb.dd.gz', '-r', '0-1,5-9');
  t.true(stdout.equals(CONTENT));
});

const climbs = [
  '/media/../secret',
  '/media/%2e%2e/secret',
  '/media/..%2fsecret',
  '/media//etc/passwd',
  '/media/walt-server',
  '/media/pc-usb.dd.gz/',
  '/media/pc-usb.dd.gz/../../secret',
  '/media/toString',
  '/media/__proto__',
  'toString',
  '/media/index.html',
];

for (const path of climbs) {
  test(`${path} is no medium`, async (t) => {
    const { curl } = await serveMedia(t);
    const { stdout } = await curl(`/${path.replace(/^\//, '')}`, '-w', '%{http_code}');
    t.is(stdout.toString(), '404');
  });
}
