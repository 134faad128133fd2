import test from 'ava';
import { device, serveHttp } from '../../../support/servers/http-server.ts';

test('HTTP server sends a file whole and reports it with its bytes', async (t) => {
  const { curl, content, reported } = await serveHttp(t);
  const { stdout } = await curl('/boot/kernel');
  t.true(stdout.equals(content));
  t.like(await reported(), [
    { path: 'kernel', bytes: content.length, outcome: 'complete', mac: device.mac },
  ]);
});

test('HTTP server answers HEAD without content', async (t) => {
  const { curl } = await serveHttp(t);
  const { said } = await curl('/boot/kernel', '--head');
  t.regex(said, /200 OK[\s\S]*content-length: 3000000/i);
});

test('HTTP server takes a path with slashes before it, escapes and a query', async (t) => {
  const { curl } = await serveHttp(t);
  for (const asked of ['//boot/start.ipxe', '///boot/start.ipxe?a//b', '/boot/%73tart%2eipxe']) {
    t.is((await curl(asked)).stdout.toString(), '#!ipxe\n', asked);
  }
});

test('HTTP server ignores the query, as ?node_ip= of older loaders', async (t) => {
  const { curl } = await serveHttp(t);
  t.is((await curl('/boot/start.ipxe?node_ip=192.168.152.2')).stdout.toString(), '#!ipxe\n');
});

const refusals = [
  ['/boot/none', '404'],
  ['/elsewhere', '404'],
  ['/boot/../x', '403'],
  ['/boot/%ff', '400'],
  ['/boot/%', '400'],
  ['/boot/%zz', '400'],
  ['/boot/kernel%00', '400'],
] as const;

for (const [path, status] of refusals) {
  test(`HTTP server answers ${path} with ${status} and an empty body`, async (t) => {
    const { curl } = await serveHttp(t);
    const { stdout } = await curl(path, '-w', '%{http_code} %{size_download}');
    t.is(stdout.toString(), `${status} 0`);
  });
}

test('HTTP server reports a client that goes away, and serves the next', async (t) => {
  const { curl, reported, content } = await serveHttp(t);
  await curl('/boot/kernel', '--max-filesize', '1000');
  t.not((await reported()).length, 0);
  t.is((await curl('/boot/kernel')).stdout.length, content.length);
});
