// The way out with a real server behind it, asked by curl, and by people who mean no good.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { houseProxyOf } from '../../../../agent/helper/outside/house-proxy.ts';
import { outsideServer } from '../../../../agent/helper/outside/outside-server.ts';
import { isOfThisMachine, ownPlacesOf } from '../../../../agent/helper/outside/places.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';

/** Somebody who answers, and says what he was asked. */
async function somebody(t: ExecutionContext) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-connection'] ?? ''}`);
    request.resume();
    response.end('an answer');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { asked, place: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function wayOut(
  t: ExecutionContext,
  places: readonly string[],
  { house }: { readonly house?: string } = {},
) {
  const printed: string[] = [];
  const server = outsideServer({
    ownPlaces: async () => ownPlacesOf(places),
    houseProxy: houseProxyOf(house),
    print: (line) => printed.push(line),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { printed, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function curl(proxy: string, url: string, ...more: string[]) {
  const how = ['--silent', '--show-error', '--max-time', '20', '--noproxy', ''];
  const { stdout, said } = await runProgram(['curl', ...how, '--proxy', proxy, ...more, url]);
  return stdout.toString() || said;
}

test('outsideServer() passes on what is asked of a registry of the configuration', async (t) => {
  const { place, asked } = await somebody(t);
  const { url } = await wayOut(t, [place]);
  t.is(await curl(url, `http://${place}/v2/?a=b`), 'an answer');
  t.is(await curl(url, `http://${place}/v2/`, '--proxytunnel'), 'an answer');
  t.deepEqual(asked, ['GET /v2/?a=b ', 'GET /v2/ ']);
});

test('outsideServer() asks nothing else of the machine itself', async (t) => {
  const { place, asked } = await somebody(t);
  const { url, printed } = await wayOut(t, ['127.0.0.1:1']);
  const port = place.split(':')[1];
  const refused = /is this machine itself, and no registry of the configuration/;
  const names = [place, `localhost:${port}`, `0.0.0.0:${port}`, `2130706433:${port}`];
  for (const name of [...names, `[::1]:${port}`, `[::ffff:127.0.0.1]:${port}`]) {
    t.regex(await curl(url, `http://${name}/`), refused, name);
    t.regex(await curl(url, `http://${name}/`, '--proxytunnel'), /403/, name);
  }
  t.deepEqual(asked, []);
  t.regex(printed[0] ?? '', refused);
});

test('outsideServer() goes by the proxy of the house', async (t) => {
  const { place } = await somebody(t);
  const house = await wayOut(t, [place]);
  const { url } = await wayOut(t, [], { house: house.url });
  // Where it is, the house knows.
  const tunnel = await curl(url, 'http://192.0.2.1:5000/', '--proxytunnel', '--max-time', '3');
  t.notRegex(tunnel, /an answer/);
  t.throws(() => houseProxyOf('ftp://proxy'), { message: /expected http:\/\/host:port/ });
  t.deepEqual(houseProxyOf('http://me:a%20b@proxy:8080'), {
    ...{ host: 'proxy', port: 8080, authorization: 'Basic bWU6YSBi' },
  });
});

test('outsideServer() answers what is no request, and goes on', async (t) => {
  const { place } = await somebody(t);
  const { url } = await wayOut(t, [place]);
  const { port } = new URL(url);
  const say = async (words: string) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(words);
    return await text(socket).catch(() => '');
  };
  t.regex(await say('GET / HTTP/1.1\r\nhost: x\r\n\r\n'), /^HTTP\/1\.1 403 /);
  t.regex(await say('CONNECT  HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 (403|502) /);
  t.regex(await say('CONNECT a:b:c HTTP/1.1\r\nhost: x\r\n\r\n'), /^HTTP\/1\.1 (403|502) /);
  t.regex(await say('\0\xff\r\n\r\n'), /^HTTP\/1\.1 400 /);
  t.is(await curl(url, `http://${place}/`), 'an answer');
});

test('isOfThisMachine() knows each form of its addresses', (t) => {
  for (const address of ['127.1.2.3', '0.0.0.0', '169.254.169.254', '::1', '::', 'fe80::1']) {
    t.true(isOfThisMachine(address), address);
  }
  for (const address of ['192.0.2.1', '10.0.0.1', '2001:db8::1']) {
    t.false(isOfThisMachine(address), address);
  }
  t.true(isOfThisMachine('::ffff:127.0.0.1'));
});
