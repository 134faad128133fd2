// The drivers `http` and `pdudaemon` with web servers of the test.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { http, stateIn } from '../../../../agent/power/web/http.ts';
import { pdudaemon } from '../../../../agent/power/web/pdudaemon.ts';

const target = { name: 'rpi-1', mac: 'b8:27:eb:00:00:01', ip: '192.168.152.7' };
const secret = { user: 'walt', password: 'a secret word', privacy: '' };

/** A plug that wants a password, and what it was asked for. */
async function plug(t: ExecutionContext) {
  const asked: string[] = [];
  let isOn = true;
  const server = createServer(({ url = '', headers }, response) => {
    const given = Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString();
    if (given !== 'walt:a secret word') return response.writeHead(401).end();
    asked.push(url);
    if (url.includes('away')) return response.writeHead(302, { location: '/on' }).end();
    if (/\/on\b/.test(url)) isOn = true;
    if (/\/off\b/.test(url)) isOn = false;
    return response.end(JSON.stringify({ ison: isOn }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** What is on disk of cycles, as it came. */
function noted() {
  const lines: string[] = [];
  const note = (verb: string) => async (mac: string) => void lines.push(`${verb} ${mac}`);
  return { lines, cycles: { begin: note('begin'), end: note('end') } };
}

test('http switches by its URLs, with the password that the server knows', async (t) => {
  const { base, asked } = await plug(t);
  const words = [`${base}/on`, `${base}/off`, `${base}/status`];
  const { cycles, lines } = noted();
  const driver = http({ cycles, secretOf: async () => secret, offMs: 1 });
  await driver.off({ ...target, words });
  t.is(await driver.status({ ...target, words }), 'off');
  await driver.cycle({ ...target, words });
  t.is(await driver.status({ ...target, words }), 'on');
  t.deepEqual(asked, ['/off', '/status', '/off', '/on', '/status']);
  t.is(await driver.status({ ...target, words: words.slice(0, 2) }), 'unknown');
  t.deepEqual(lines, [`end ${target.mac}`, `begin ${target.mac}`, `end ${target.mac}`]);
});

test('http a refusal, a way to elsewhere, nobody there and what is no URL fail, without the password', async (t) => {
  const { base } = await plug(t);
  const cases = [
    [`${base}/on`, undefined, /answers with status 401/],
    [`${base}/away`, secret, /does not do it/],
    ['http://127.0.0.1:1/on', secret, /does not do it: /],
    ['file:///etc/passwd', secret, /expected a URL with http/],
    ['http://a:b@127.0.0.1/on', secret, /no password in it/],
    ['http://:b@127.0.0.1/on', secret, /no password in it/],
  ] as const;
  for (const [url, given, message] of cases) {
    const driver = http({ ...noted(), secretOf: async () => given });
    const thrown = await t.throwsAsync(driver.on({ ...target, words: [url, url] }), { message });
    t.false(thrown?.message.includes('secret word'));
  }
  await t.throwsAsync(
    http({ ...noted(), secretOf: async () => secret }).on({ ...target, words: [] }),
    {
      message: /has to be ON-URL OFF-URL/,
    },
  );
});

test('http a cycle that fails leaves on disk that the power is to come back', async (t) => {
  const { base, asked } = await plug(t);
  const { cycles, lines } = noted();
  const driver = http({ cycles, secretOf: async () => secret, offMs: 1 });
  // The plug does not take the first request: it may be on or off, and is told to go on.
  const words = ['http://127.0.0.1:1/on', `${base}/off`];
  await t.throwsAsync(driver.cycle({ ...target, words }), {
    message: /127.0.0.1:1 does not do it/,
  });
  t.deepEqual(lines, [`begin ${target.mac}`]);
  const other = [`${base}/on`, 'http://127.0.0.1:1/off'];
  await t.throwsAsync(driver.cycle({ ...target, words: other }), { message: /:1 does not do it/ });
  t.deepEqual(asked, ['/off', '/on']);
  t.deepEqual(lines.slice(1), [`begin ${target.mac}`, `end ${target.mac}`]);
});

test('http, pdudaemon a cycle of which is not known what to ask for does not begin', async (t) => {
  const { base, asked } = await plug(t);
  const { cycles, lines } = noted();
  const options = { cycles, secretOf: async () => secret, offMs: 1 };
  for (const words of [[], [`${base}/on`], [`${base}/on`, 'off'], [`${base}/on`, 'http://:b@a/']]) {
    await t.throwsAsync(http(options).cycle({ ...target, words }), { message: /power\.argument/ });
  }
  for (const words of [[base], ['base', 'rack-1', '7']]) {
    await t.throwsAsync(pdudaemon(options).cycle({ ...target, words }), {
      message: /power\.argument/,
    });
  }
  t.deepEqual([...asked, ...lines], []);
});

test('stateIn() knows the answers of plugs', (t) => {
  t.is(stateIn('{"ison":true,"has_timer":1}'), 'on');
  t.is(stateIn('{"POWER":"OFF"}'), 'off');
  t.is(stateIn('on'), 'on');
  t.is(stateIn('{"ison":true,"overpower":false}'), 'unknown');
  t.is(stateIn(''), 'unknown');
});

test('pdudaemon names outlet and verb', async (t) => {
  const { base, asked } = await plug(t);
  const driver = pdudaemon({ ...noted(), secretOf: async () => secret, offMs: 1 });
  await driver.cycle({ ...target, words: [`${base}/`, 'rack 1', '7&x=1'] });
  t.deepEqual(asked, [
    '/power/control/off?hostname=rack+1&port=7%26x%3D1',
    '/power/control/on?hostname=rack+1&port=7%26x%3D1',
  ]);
  await t.throwsAsync(driver.on({ ...target, words: [base] }), { message: /URL PDU OUTLET/ });
});

test('http a cycle that is refused, or has no credentials, is not on disk: nothing was switched', async (t) => {
  const { base, asked } = await plug(t);
  const { cycles, lines } = noted();
  const words = [`${base}/on`, `${base}/off`];
  const wrong = http({ cycles, secretOf: async () => ({ ...secret, password: 'x' }), offMs: 1 });
  await t.throwsAsync(wrong.cycle({ ...target, words }), { message: /status 401/ });
  t.deepEqual(lines.splice(0), [`begin ${target.mac}`, `end ${target.mac}`]);
  const given = async () => {
    throw new WaltError('given for another driver');
  };
  await t.throwsAsync(http({ cycles, secretOf: given, offMs: 1 }).cycle({ ...target, words }), {
    message: /another driver/,
  });
  t.deepEqual([...lines, ...asked], []);
});
