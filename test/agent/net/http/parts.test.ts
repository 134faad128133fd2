import test from 'ava';
import { serveHttp } from '../../../support/servers/http-server.ts';

type Headers = Readonly<Record<string, string>>;

function headersOf(said: string): Headers {
  const lines = said.split('\r\n').flatMap((line) => {
    const [name = '', ...value] = line.split(': ');
    return value.length === 0 ? [] : [[name.toLowerCase(), value.join(': ')]];
  });
  const { date, connection, 'keep-alive': _, ...headers } = Object.fromEntries(lines);
  return headers;
}

for (const path of ['/boot/kernel', '/boot/start.ipxe', '/boot/empty']) {
  test(`HTTP server gives the same headers to HEAD and GET of ${path}, and no body to HEAD`, async (t) => {
    const { curl } = await serveHttp(t);
    const head = await curl(path, '--head', '-w', '%{size_download}');
    const get = await curl(path, '-D', '-', '-o', '/dev/null');
    t.deepEqual(headersOf(head.stdout.toString()), headersOf(get.stdout.toString()));
    t.like(headersOf(head.stdout.toString()), { 'accept-ranges': 'bytes' });
    t.regex(headersOf(head.stdout.toString()).etag ?? '', /^"[0-9a-z-]+"$/);
    t.regex(head.stdout.toString(), /\r\n\r\n0$/);
  });
}

for (const [range, text, expected] of [
  ['2-4', 'ipx', 'bytes 2-4/7'],
  ['2-2', 'i', 'bytes 2-2/7'],
  ['5-', 'e\n', 'bytes 5-6/7'],
  ['0-', '#!ipxe\n', 'bytes 0-6/7'],
  ['3-9999', 'pxe\n', 'bytes 3-6/7'],
  ['-3', 'xe\n', 'bytes 4-6/7'],
  ['-9999', '#!ipxe\n', 'bytes 0-6/7'],
] as const) {
  test(`HTTP server gives ${expected} of a file to a client that asks for ${range}`, async (t) => {
    const { curl } = await serveHttp(t);
    const { stdout } = await curl('/boot/start.ipxe', '-r', range, '-w', '%{http_code}');
    t.is(stdout.toString(), `${text}206`);
    const { said } = await curl('/boot/start.ipxe', '-r', range, '-D', '-', '-o', '/dev/null');
    t.like(headersOf(said), { 'content-range': expected, 'content-length': String(text.length) });
  });
}

for (const range of ['7-', '7-9', '-0', '999-']) {
  test(`HTTP server answers 416 and the size to a client that asks for ${range} of 7 bytes`, async (t) => {
    const { curl } = await serveHttp(t);
    const { said } = await curl('/boot/start.ipxe', '-r', range, '-D', '-');
    t.regex(said, /^HTTP\/1.1 416 /);
    t.like(headersOf(said), { 'content-range': 'bytes */7', 'content-length': '0' });
  });
}

for (const range of ['bytes=1-2,4-5', 'bytes=4-2', 'bytes=-', 'bytes=a-b', 'lines=1-2']) {
  test(`HTTP server gives the whole file to a client that asks for ${range}`, async (t) => {
    const { curl } = await serveHttp(t);
    const asked = ['-H', `Range: ${range}`, '-w', '%{http_code}'];
    t.is((await curl('/boot/start.ipxe', ...asked)).stdout.toString(), '#!ipxe\n200');
  });
}

test('HTTP server lets curl resume a file, and reports the bytes that it sent', async (t) => {
  const { curl, content, reported } = await serveHttp(t);
  const { stdout } = await curl('/boot/kernel', '-C', '2000000');
  t.true(stdout.equals(content.subarray(2_000_000)));
  t.like(await reported(), [{ outcome: 'complete', bytes: 1_000_000 }]);
});

test('HTTP server sends nothing again that a client has, by the tag it gave', async (t) => {
  const { curl } = await serveHttp(t);
  const tag = headersOf((await curl('/boot/kernel', '--head')).said).etag ?? '';
  const status = ['-o', '/dev/null', '-w', '%{http_code} %{size_download}'];
  const ask = async (...headers: string[]) =>
    (await curl('/boot/kernel', ...headers.flatMap((one) => ['-H', one]), ...status)).said;
  t.is(await ask(`If-None-Match: ${tag}`), '304 0');
  t.is(await ask(`If-None-Match: "other", W/${tag}`), '304 0');
  t.is(await ask('If-None-Match: *'), '304 0');
  t.is(await ask('If-None-Match: "other"'), '200 3000000');
  t.is(await ask('Range: bytes=0-9', `If-Range: ${tag}`), '206 10');
  t.is(await ask('Range: bytes=0-9', 'If-Range: "other"'), '200 3000000');
  t.is(await ask('Range: bytes=0-9', `If-Range: W/${tag}`), '200 3000000');
  t.is(await ask('Range: bytes=0-9', 'If-Range: Wed, 25 Nov 2026 20:00:00 GMT'), '200 3000000');
});
