import test from 'ava';
import { Answer } from '../../../../agent/cli/local/answer.ts';

type Read = { readonly status: number; readonly body: string };

/** @param size of the pieces in which it comes */
function read(text: string, size: number): Read {
  const answer = new Answer();
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    parts.push(...answer.take(bytes.subarray(at, at + size)));
  }
  answer.end();
  return { status: answer.status, body: Buffer.concat(parts).toString() };
}

const ANSWERS: readonly [string, string, Read][] = [
  [
    'by its length',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhellobeyond',
    { status: 200, body: 'hello' },
  ],
  ['of no length', 'HTTP/1.1 404 Not Found\r\n\r\nwords', { status: 404, body: 'words' }],
  ['without body', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', { status: 200, body: '' }],
  ['that has none', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '' }],
  [
    'in chunks, with a trailer',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfür\r\nA;x=y\r\n0123456789\r\n0\r\na: b\r\n\r\n',
    { status: 200, body: 'für0123456789' },
  ],
  [
    'behind another that is none yet',
    'HTTP/1.1 100 Continue\r\na: b\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
    { status: 200, body: 'ok' },
  ],
];

for (const [what, text, expected] of ANSWERS) {
  test(`Answer reads one ${what}, in whatever pieces it comes`, (t) => {
    for (const size of [1, 2, 3, 7, 1000]) t.deepEqual(read(text, size), expected);
  });
}

test('Answer says of each beginning of one that it is cut off', (t) => {
  for (const at of [0, 4]) {
    const text = (ANSWERS[at]?.[1] ?? '').replace('beyond', '');
    for (let end = 0; end < text.length; end += 1) {
      const message = 'it closed the connection';
      t.throws(() => read(text.slice(0, end), 1000), { message }, text.slice(0, end));
    }
  }
});

for (const [what, text] of [
  ['another protocol', 'SSH-2.0-OpenSSH\r\n'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ['a chunk that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
  ['a line without end', `HTTP/1.1 200 OK\r\n${'x'.repeat(100_000)}`],
] as const) {
  test(`Answer refuses ${what}`, (t) => {
    t.throws(() => read(text, 70_000), { message: /no HTTP|no number|no end/ });
  });
}
