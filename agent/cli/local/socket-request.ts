// Asks the server of this machine over its unix socket. Node's own client of HTTP takes longer to load than such a question takes.
import { createConnection, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { Answer } from './answer.ts';

/** What is asked. */
type Question = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** silence that is taken for no answer, milliseconds; 0: however long */
  readonly timeoutMs: number;
  /** ends it */
  readonly signal: AbortSignal;
};

/** An answer whose body may still be coming. */
export type Answered = {
  readonly status: number;
  /** the body as text, which may be read once; throws where the connection breaks off */
  readonly parts: AsyncIterable<string>;
};

/** @throws {Error} as the socket does, or where the answer is none */
export async function askSocket(path: string, question: Question): Promise<Answered> {
  const { timeoutMs, signal } = question;
  const socket = createConnection({ path, signal });
  socket.setTimeout(timeoutMs, () =>
    socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
  );
  socket.write(textOf(question));
  const bytes: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  const answer = new Answer();
  const first: Buffer[] = [];
  try {
    while (answer.status === 0) {
      const { value, done } = await bytes.next();
      if (done === true) answer.end();
      else first.push(...answer.take(value));
    }
  } catch (reason) {
    socket.destroy();
    throw reason;
  }
  return { status: answer.status, parts: partsOf(answer, { first, bytes, socket }) };
}

type Coming = {
  readonly first: readonly Buffer[];
  readonly bytes: AsyncIterator<Buffer>;
  readonly socket: Socket;
};

async function* partsOf(
  answer: Answer,
  { first, bytes, socket }: Coming,
): AsyncGenerator<string, void, undefined> {
  // A letter of several bytes may come in two pieces.
  const decoder = new StringDecoder('utf8');
  try {
    for (const part of first) yield decoder.write(part);
    while (!answer.isOver) {
      const { value, done } = await bytes.next();
      if (done === true) answer.end();
      else for (const part of answer.take(value)) yield decoder.write(part);
    }
    yield decoder.end();
  } finally {
    socket.destroy();
  }
}

function textOf({ method, path, headers, body }: Question): Buffer {
  const all = {
    ...{ host: 'localhost', connection: 'close', ...headers },
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${fitting(value)}`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

/** @throws {TypeError} where a value would be more than one header */
function fitting(value: string): string {
  // RFC 9110 §5.5
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new TypeError(`Cannot send ${JSON.stringify(value)} in a header`);
}
