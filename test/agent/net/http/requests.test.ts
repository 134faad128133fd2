import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { onNothingThere } from '../../../../agent/handlers/files/on-nothing-there.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { sayRaw, serveHttp } from '../../../support/servers/http-server.ts';

test('HTTP server serves a client that takes it for a proxy, whatever the host', async (t) => {
  const { port } = await serveHttp(t);
  const asked = 'http://192.168.152.1/boot/start.ipxe';
  const { stdout } = await runProgram(['curl', '-sS', '-x', `http://127.0.0.1:${port}`, asked]);
  t.is(stdout.toString(), '#!ipxe\n');
});

const end = 'Host: other\r\nConnection: close\r\n\r\n';

for (const [target, status] of [
  ['http://192.168.152.1/boot/start.ipxe', 200],
  ['HTTP://192.168.152.1:80//boot/start.ipxe?x', 200],
  ['http://192.168.152.1', 200],
  ['http://192.168.152.1/boot/none', 404],
  ['http://192.168.152.1/boot/%ff', 400],
  ['http:///boot/start.ipxe', 400],
  ['192.168.152.1:80', 400],
  ['boot/start.ipxe', 400],
  ['*', 400],
] as const) {
  test(`HTTP server answers GET ${target} with ${status}`, async (t) => {
    const { port } = await serveHttp(t);
    const said = await sayRaw(port, `GET ${target} HTTP/1.1\r\n${end}`);
    t.regex(said, new RegExp(`^HTTP/1.1 ${status} `));
    if (status !== 200) t.regex(said, /Content-Length: 0\r\n[\s\S]*\r\n\r\n$/);
    else t.regex(said, /(#!ipxe|WalT server HTTP service)\n$/);
  });
}

for (const request of [
  'OPTIONS /boot/kernel',
  'OPTIONS *',
  'POST /boot/kernel',
  'DELETE /boot/kernel',
  'TRACE /boot/kernel',
  'CONNECT 192.168.152.1:443',
  'BREW /boot/kernel',
]) {
  test(`HTTP server answers ${request} with 405, what it allows, and an empty body`, async (t) => {
    const { port, curl, problems } = await serveHttp(t);
    const said = await sayRaw(port, `${request} HTTP/1.1\r\n${end}`);
    t.regex(said, /^HTTP\/1.1 405 Method Not Allowed\r\n/);
    t.regex(said, /\r\nAllow: GET, HEAD\r\n/);
    t.regex(said, /\r\nContent-Length: 0\r\n[\s\S]*\r\n\r\n$/);
    t.is((await curl('/boot/start.ipxe')).stdout.toString(), '#!ipxe\n');
    t.deepEqual(problems, []);
  });
}

test('HTTP server answers a request without a host by 400, and one that expects more by its file', async (t) => {
  const { port } = await serveHttp(t);
  const asked = 'GET /boot/start.ipxe HTTP/1.1\r\nConnection: close\r\n';
  t.regex(await sayRaw(port, `${asked}\r\n`), /^HTTP\/1.1 400 [\s\S]*Content-Length: 0\r\n/);
  t.regex(
    await sayRaw(port, `${asked}Host: x\r\nExpect: more\r\n\r\n`),
    /^HTTP\/1.1 200 [\s\S]*#!ipxe\n$/,
  );
});

test('HTTP server refuses to be written to, and reads what it is sent', async (t) => {
  const { curl } = await serveHttp(t);
  const { stdout } = await curl('/boot/kernel', '-X', 'PUT', '-d', 'x', '-w', '%{http_code}');
  t.is(stdout.toString(), '405');
});

test('HTTP server lives on when a client resets the connection that it wanted for a tunnel', async (t) => {
  const { curl, port } = await serveHttp(t);
  for (let tries = 0; tries < 20; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`CONNECT 192.168.152.1:443 HTTP/1.1\r\n${end}`);
    socket.write('x'.repeat(100_000), () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  t.is((await curl('/boot/start.ipxe')).stdout.toString(), '#!ipxe\n');
});

test('HTTP server tells a person what there is where nothing is, and a boot loader nothing', async (t) => {
  const { curl, reported } = await serveHttp(t, {
    handler: async (path, _address, { agent }) => onNothingThere(path, agent),
  });
  const status = ['--write-out', '%{http_code} %{size_download}'];
  const person = await curl('/medi', '--include', ...status);
  const said = person.stdout.toString();
  t.regex(said, /^HTTP\/1\.1 404 [\s\S]*text\/plain; charset=utf-8[\s\S]*There is no \/medi here/);
  const loader = await curl('/medi', '--user-agent', 'GRUB 2.12', ...status);
  t.is(loader.stdout.toString(), '404 0');
  const head = await curl('/medi', '--head', ...status);
  t.regex(head.stdout.toString(), /404 0$/);
  t.is((await reported())[0]?.outcome, 'not-found');
});
