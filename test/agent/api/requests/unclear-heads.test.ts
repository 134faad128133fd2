// Heads that two programs could read in two ways, numbers that are none, and WebSockets that are none, byte by byte over HTTPS.
import { connect } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { serveElsewhere } from '../../../support/remote/served.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

async function open(t: ExecutionContext) {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11', image: 'alice/pc:latest' }));
  return await serveElsewhere(t, platform, { user: 'alice', role: 'user' });
}

type Served = Awaited<ReturnType<typeof open>>;

/** Sends bytes as they are, and hears until the server ends the connection, or has begun to speak another protocol. */
async function ask({ url, tls, token }: Served, text: string, frame: Buffer = Buffer.alloc(0)) {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: tls.cert });
  const head = text.replaceAll('TOKEN', token).replaceAll('\n', '\r\n');
  socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), frame]));
  let heard = '';
  const ended = new Promise((resolve) => socket.once('close', resolve));
  // Whoever is cut off in the middle of what they send may hear a reset in place of an end.
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1').on('data', (part: string) => {
    heard += part;
    if (heard.startsWith('HTTP/1.1 101') && frame.length === 0) socket.destroy();
  });
  await ended;
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(heard) ?? [];
  const [, json = '{}'] = /\r\n\r\n(\{.*\})$/s.exec(heard) ?? [];
  return { status: Number(status), ...JSON.parse(json) };
}

const REST = 'authorization: Bearer TOKEN\nconnection: close';
const GET = (path: string, more = '') => `GET ${path} HTTP/1.1\nhost: walt\n${more}${REST}`;
const WEBSOCKET = `GET /api/v1/nodes/pc-1/console HTTP/1.1
host: walt
authorization: Bearer TOKEN
connection: upgrade
upgrade: websocket
`;
const KEY = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';

const REFUSED: readonly (readonly [what: string, head: string, status: number, error: RegExp])[] = [
  ['two proofs', GET('/api/v1/whoami', 'authorization: Bearer other\n'), 400, /authorization is/],
  ['two hosts', GET('/api/v1/whoami', 'host: evil\n'), 400, /header host is there more than once/],
  ['no host', `GET /api/v1/whoami HTTP/1.1\n${REST}`, 400, /header host is missing/],
  [
    'two places to go on',
    GET('/api/v1/events', 'last-event-id: 1-1\nlast-event-id: 2-2\n'),
    400,
    /last-event-id is/,
  ],
  [
    'a packed body',
    GET('/api/v1/whoami', 'content-encoding: gzip\n'),
    415,
    /without content-encoding/,
  ],
  [
    'a blank for a number',
    GET('/api/v1/logs?from=%20'),
    400,
    /'from' is not valid: expected number/,
  ],
  ['nothing for a number', GET('/api/v1/logs?last='), 400, /'last' is not valid/],
  ['a number of another base', GET('/api/v1/logs?from=0x10'), 400, /received '0x10'/],
  [
    'a form',
    `POST /api/v1/nodes/reboot HTTP/1.1\nhost: walt\ncontent-type: text/xml\ncontent-length: 0\n${REST}`,
    415,
    /expected header content-type: application\/json/,
  ],
  ...['utf-16', '"UTF-16LE"', 'iso-8859-1', ''].map(
    (charset) =>
      [
        `a body in charset ${charset}`,
        `POST /api/v1/nodes/reboot HTTP/1.1\nhost: walt\ncontent-type: application/json; charset=${charset}\ncontent-length: 0\n${REST}`,
        415,
        /expected a body with charset=utf-8, not (utf-16|iso-8859-1|none)/,
      ] as const,
  ),
  ['a WebSocket without a key', `${WEBSOCKET}sec-websocket-version: 13`, 400, /sec-websocket-key/],
  [
    'a WebSocket with half a key',
    `${WEBSOCKET}sec-websocket-version: 13\nsec-websocket-key: x`,
    400,
    /sec-websocket-key/,
  ],
  ['a WebSocket of no version', `${WEBSOCKET}${KEY}`, 426, /sec-websocket-version: 13/],
  [
    'a WebSocket of another version',
    `${WEBSOCKET}${KEY}\nsec-websocket-version: 7`,
    426,
    /sec-websocket-version: 13/,
  ],
];

test('what is not clear is refused in one sentence, and what is clear is not', async (t) => {
  t.timeout(60_000);
  const served = await open(t);
  for (const [what, head, status, expected] of REFUSED) {
    const { error, code, ...answer } = await ask(served, head);
    t.deepEqual(answer, { status }, what);
    t.regex(error, expected, what);
    t.regex(error, /^[^\n]+$/, what);
    t.regex(code, /^[a-z-]+$/, what);
  }
  t.is((await ask(served, GET('/api/v1/whoami'))).status, 200);
  t.is((await ask(served, `GET /api/v1/whoami HTTP/1.0\n${REST}`)).status, 200);
  t.is((await ask(served, `${WEBSOCKET}${KEY}\nsec-websocket-version: 13`)).status, 101);
});

for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'us-ascii']) {
  test(`a body in charset ${charset} is read`, async (t) => {
    const served = await open(t);
    const head = `POST /api/v1/logs/checkpoints HTTP/1.1\nhost: walt\ncontent-type: application/json; charset=${charset}\ncontent-length: 15\n${REST}`;
    t.is((await ask(served, head, Buffer.from('{"name":"here"}'))).status, 200);
  });
}

test('a stream whose request asks for a WebSocket is a stream: what is asked behind it waits for its turn', async (t) => {
  const { url, tls, token } = await open(t);
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: tls.cert });
  t.teardown(() => socket.destroy());
  const upgrade = 'connection: upgrade\nupgrade: websocket\nsec-websocket-version: 13';
  const head = (path: string, more: string) =>
    `GET ${path} HTTP/1.1\nhost: walt\nauthorization: Bearer ${token}\n${more}\n\n`.replaceAll(
      '\n',
      '\r\n',
    );
  socket.write(head('/api/v1/events?seconds=1', `${upgrade}\n${KEY}`));
  socket.write(head('/api/v1/whoami', 'connection: close'));
  let heard = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    heard += part;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  t.regex(
    heard,
    /^HTTP\/1\.1 200 OK\r\n[\s\S]*text\/event-stream[\s\S]*\r\n0\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*"user":"alice"/,
  );
});

/** A frame as a client sends it, with a mask of zeros. RFC 6455 §5.2. */
function frame(first: number, bytes: Buffer): Buffer {
  const length =
    bytes.length < 126 ? [0x80 | bytes.length] : [0xfe, bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), bytes]);
}

const FRAMES: Readonly<Record<string, Buffer>> = {
  'without a mask': Buffer.from([0x82, 1, 65]),
  'with bits of extensions': frame(0xf2, Buffer.from('x')),
  'of a kind that is none': frame(0x83, Buffer.from('')),
  'of 2^63 bytes': Buffer.from([0x82, 0xff, 0x7f, ...Array(7).fill(255), 0, 0, 0, 0]),
  'of a gigabyte': Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]),
  'a ping in pieces': frame(0x09, Buffer.from('x')),
  'a long ping': frame(0x89, Buffer.alloc(200)),
  'an end without a reason': frame(0x88, Buffer.from([3])),
  'an end with a reason that is none': frame(0x88, Buffer.from([3, 231])),
  'a text that is none': frame(0x81, Buffer.from([0xff, 0xfe])),
  'a piece of nothing': frame(0x80, Buffer.from('x')),
  'more pieces than a frame may have': Buffer.concat([
    frame(0x02, Buffer.alloc(1)),
    ...Array<Buffer>(40).fill(frame(0x00, Buffer.alloc(8192))),
  ]),
};

test('frames that are none end their connection, and nobody else’s', async (t) => {
  t.timeout(60_000);
  const served = await open(t);
  for (const [what, bytes] of Object.entries(FRAMES)) {
    const { status } = await ask(served, `${WEBSOCKET}${KEY}\nsec-websocket-version: 13`, bytes);
    t.true([101, Number.NaN].includes(status), `${what} ${status}`);
    t.is((await ask(served, GET('/api/v1/whoami'))).status, 200, what);
  }
});
