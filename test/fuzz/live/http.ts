/**
 * Damaged bytes to the HTTP server, cut anywhere, several requests on one connection. Whatever comes back is whole answers of
 * a status that the server means, and a correct client gets its file meanwhile.
 */
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startHttpServer } from '../../../agent/net/http/server.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import { FuzzFault, type FuzzTarget } from '../target.ts';

type Random = () => number;

const NODE = '127.0.7.1';
/** No answer's head looks like it, so a body is told from what follows. */
const FILE = Buffer.alloc(3000, 'k');
const CORPUS = [
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\n\r\n',
  'HEAD /boot/kernel HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /boot/kernel HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nRange: bytes=5-90\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nRange: bytes=-9\r\nIf-Range: "x"\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nRange: bytes=9999999999999999999-\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nIf-None-Match: "a", W/"b", *\r\n\r\n',
  'GET http://192.168.152.1:80//boot/../boot/%2e%2e/etc/passwd?x HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /walt/pc-x86-64/52:54:00:00:00:01/start.grub HTTP/1.1\r\nHost: x\r\n\r\n',
  'POST /boot/kernel HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n',
  'PUT /boot/kernel HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nabcd',
  'CONNECT 192.168.152.1:443 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
].map((request) => Buffer.from(request, 'latin1'));
const STATUSES = new Set([100, 200, 206, 304, 400, 404, 405, 408, 413, 416, 431]);
/** So many connections are open at once: fewer than one address may have. */
const AT_ONCE = 8;
const MOST_REQUESTS = 6;
/** What an answer begins with. */
const HEAD = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/;

/** One of `rounds` is one connection. */
export const fuzzLiveHttp: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const counts: Record<string, number> = { answers: 0, unanswered: 0, limits: 0, read: 0 };
  const add = (name: string, number = 1) => {
    counts[name] = (counts[name] ?? 0) + number;
  };
  const problems: unknown[] = [];
  const server = await startHttpServer({
    ...{ address: '127.0.0.1', port: 0, isServed: () => true },
    isKnown: (address) => address === NODE,
    handler: async (path) => {
      if (!path.startsWith('/') || path.includes('\0')) problems.push(`path ${path}`);
      return path === '/boot/kernel'
        ? { found: { kind: 'bytes', bytes: FILE }, events: [] }
        : undefined;
    },
    onTransfer: () => undefined,
    onProblem: (reason) => problems.push(reason),
    onLimit: () => add('limits'),
  });
  const sendOne = async (round: number) => {
    const sent = damaged(random);
    const said = await say(server.port, { sent, cuts: random() * 4, host: 1 + (round % 200) });
    try {
      const answers = answersIn(said);
      add(answers === 0 ? 'unanswered' : 'answers', Math.max(1, answers));
    } catch (error) {
      throw new FuzzFault(round, sent, error);
    }
  };
  for (let round = 0; round < rounds; round += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => sendOne(round + index)));
    if (round % (AT_ONCE * 16) === 0) {
      await readFile(server.port);
      add('read');
    }
    if (problems.length > 0) throw problems[0];
    alive(round);
  }
  await server.close();
  return counts;
};

function damaged(random: Random): Buffer {
  const requests = Array.from({ length: 1 + Math.floor(random() * MOST_REQUESTS) }, () => {
    const request = CORPUS[Math.floor(random() * CORPUS.length)] ?? Buffer.alloc(0);
    return random() < 0.5 ? request : mutate(request, random);
  });
  return Buffer.concat(requests);
}

/** Sends it in pieces, ends, and gives all that comes back. */
async function say(
  port: number,
  { sent, cuts, host }: { readonly sent: Buffer; readonly cuts: number; readonly host: number },
): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, localAddress: `127.0.8.${host}` });
  socket.setNoDelay(true).on('error', () => socket.destroy());
  const closed = once(socket, 'close');
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  const length = Math.ceil(sent.length / (1 + Math.floor(cuts)));
  for (let at = 0; at < sent.length; at += length) socket.write(sent.subarray(at, at + length));
  socket.end();
  await closed;
  return Buffer.concat(pieces).toString('latin1');
}

/** How many answers there are. @throws {Error} where what was said is none of ours */
function answersIn(said: string): number {
  let rest = said;
  let count = 0;
  for (; rest !== ''; count += 1) {
    const [head = '', status = '', headers = ''] = HEAD.exec(rest) ?? [];
    if (!STATUSES.has(Number(status)))
      throw new Error(`it says ${JSON.stringify(rest.slice(0, 300))}`);
    rest = rest.slice(head.length);
    const length = Number(/^content-length: (\d+)\r$/im.exec(headers)?.[1] ?? 0);
    // HEAD has no body, and a connection may end in the middle of one.
    if (rest.startsWith('HTTP/1.1 ')) continue;
    const body = rest.slice(0, length);
    const isOurs = Number(status) < 300 ? /^(k*|WalT server HTTP service\n)$/ : /^$/;
    if (!isOurs.test(body)) throw new Error(`${status} with ${JSON.stringify(body.slice(0, 300))}`);
    rest = rest.slice(length);
  }
  return count;
}

async function readFile(port: number): Promise<void> {
  const asking = get({
    host: '127.0.0.1',
    port,
    path: '/boot/kernel',
    localAddress: NODE,
    agent: false,
  });
  const [answer] = await once(asking, 'response');
  const body = await buffer(answer);
  if (!body.equals(FILE)) throw new Error(`a node got ${body.length} bytes of another file`);
}
