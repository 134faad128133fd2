// Who means harm: so many connections to the API, 200 at a time, from four addresses. Prints how they ended, as JSON.
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { atOnce } from '../../agent/host/queues/at-once.ts';

const [port = '', count = ''] = process.argv.slice(2);
const AT_ONCE = 200;
/** Nothing is awaited for longer: the next one begins. */
const PATIENCE_MS = 1000;

const NO_TOKEN = 'GET /api/v1/nodes HTTP/1.1\r\nhost: walt\r\n\r\n';
const LOG_IN = '{"user":"root","password":"guess"}';
const guess = `POST /api/v1/login HTTP/1.1\r\nhost: walt\r\ncontent-type: application/json\r\ncontent-length: ${LOG_IN.length}\r\n\r\n${LOG_IN}`;
const wrongToken = NO_TOKEN.replace('\r\n\r\n', '\r\nauthorization: Bearer walt_guess\r\n\r\n');

/** What one connection says, by turns; undefined: not even a handshake. */
const ATTACKS: Readonly<Record<string, string | undefined>> = {
  'no handshake': undefined,
  'no word': '',
  'no token': NO_TOKEN,
  'a wrong token': wrongToken,
  'a guessed password': guess,
  'an endless head': `GET / HTTP/1.1\r\nx: ${'x'.repeat(100_000)}`,
  'a slow body':
    'POST /api/v1/nodes/reboot HTTP/1.1\r\nhost: walt\r\ncontent-length: 100000\r\n\r\n{',
  'requests ahead': NO_TOKEN.repeat(50),
};

const kinds = Object.entries(ATTACKS);
const outcomes: Record<string, number> = {};
const numbers = Array.from({ length: Number(count) }, (_, index) => index);
for await (const outcome of atOnce(numbers, AT_ONCE, attack)) {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
console.log(JSON.stringify(outcomes));

async function attack(index: number): Promise<string> {
  const [name = '', text] = kinds[index % kinds.length] ?? [];
  const localAddress = `127.0.66.${1 + (index % 4)}`;
  const plain = connect({ host: '127.0.0.1', port: Number(port), localAddress });
  const socket =
    text === undefined ? plain : connectTls({ socket: plain, rejectUnauthorized: false });
  let answered = '';
  return await new Promise<string>((resolve) => {
    const end = (how: string) => {
      clearTimeout(timer);
      socket.destroy();
      plain.destroy();
      resolve(`${name}: ${how}`);
    };
    const timer = setTimeout(() => end('left waiting'), PATIENCE_MS);
    plain.on('error', () => end('cut off'));
    socket.on('error', () => end('cut off'));
    socket.once('close', () => end(answered === '' ? 'cut off' : answered));
    socket.on('data', (bytes: Buffer) => {
      answered ||= /^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1'))?.[1] ?? '';
      if (answered !== '') end(answered);
    });
    if (text !== undefined) socket.once('secureConnect', () => socket.write(text));
  });
}
