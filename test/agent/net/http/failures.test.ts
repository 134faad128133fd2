import { once } from 'node:events';
import { rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import test from 'ava';
import { serveHttp } from '../../../support/servers/http-server.ts';

for (const [path, reason] of [
  ['/boot/gone', /there is no .*kernel\.gone/],
  ['/boot/folder', /no regular file/],
  ['/boot/broken', /EINVAL/],
] as const) {
  test(`HTTP server answers 500 where it cannot read ${path}, reports why, and serves on`, async (t) => {
    const { curl, content, reported, problems } = await serveHttp(t);
    const { stdout } = await curl(path, '-w', '%{http_code} %{size_download}');
    t.is(stdout.toString(), '500 0');
    t.like(await reported(), [{ outcome: 'failed', bytes: 0 }]);
    t.regex((await reported())[0]?.message ?? '', reason);
    t.is((await curl('/boot/kernel')).stdout.length, content.length);
    t.deepEqual(problems, []);
  });
}

test('HTTP server answers 500 where its handler throws, and tells of it', async (t) => {
  const { curl, problems } = await serveHttp(t);
  const { stdout } = await curl('/boot/throws', '-w', '%{http_code} %{size_download}');
  t.is(stdout.toString(), '500 0');
  t.is(problems.length, 1);
});

test('HTTP server ends the connection where a file becomes shorter while it is sent, and reports why', async (t) => {
  const { path, port, reported } = await serveHttp(t);
  await truncate(path, 100_000_000);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /boot/kernel HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  await truncate(path, 10);
  let bytes = 0;
  socket.on('data', (part) => {
    bytes += part.length;
  });
  await once(socket, 'close');
  t.true(bytes < 100_000_000);
  t.like(await reported(), [{ outcome: 'failed' }]);
  t.regex((await reported())[0]?.message ?? '', /shorter/);
});

test('HTTP server gives another tag to other content of the same size and date', async (t) => {
  const { curl, path, content } = await serveHttp(t);
  const tag = async () => /etag: (.*)/i.exec((await curl('/boot/kernel', '--head')).said)?.[1];
  await utimes(path, 0, 0);
  const before = await tag();
  t.is(await tag(), before);
  await writeFile(`${path}.new`, Buffer.alloc(content.length, 'n'));
  await utimes(`${path}.new`, 0, 0);
  await rename(`${path}.new`, path);
  t.not(await tag(), before);
});
