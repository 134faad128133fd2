/** A client of HTTP that counts what it gets, and keeps nothing: cheap enough to run by the thousand in one process. */
import { createConnection } from 'node:net';

/** What is asked for, whom, and from which address. */
export type HttpWish = {
  readonly server: string;
  readonly port?: number;
  readonly path: string;
  readonly from?: string;
};

/** All connections read into the same memory, since nothing is kept of it. */
const MEMORY = Buffer.allocUnsafeSlow(1 << 20);
const LONGEST_HEAD = 8192;

/** How an answer begins. */
type Head = { readonly length: number; readonly status: number; readonly contentLength: number };

/** @returns how many bytes came. @throws {Error} for any answer but 200, and for one that ends early */
export async function readHttp(wish: HttpWish): Promise<number> {
  const { server, port = 80, path, from } = wish;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const told = (what: string) => new Error(`${path}: ${what}`);
  let begin = '';
  let head: Head | undefined;
  let bytes = 0;
  const take = (count: number, memory: Uint8Array) => {
    bytes += count;
    if (head === undefined) {
      begin += Buffer.from(memory.subarray(0, count)).toString('latin1');
      head = readHead(begin);
      if (head === undefined && begin.length > LONGEST_HEAD) reject(told('an endless head'));
      if (head !== undefined && head.status !== 200) reject(told(`status ${head.status}`));
    }
    if (head !== undefined && bytes === head.length + head.contentLength) {
      resolve(head.contentLength);
    }
    return true;
  };
  const options = { host: server, port, ...(from === undefined ? {} : { localAddress: from }) };
  const socket = createConnection({ ...options, onread: { buffer: MEMORY, callback: take } });
  socket.on('error', reject).on('close', () => reject(told(`the end after ${bytes} bytes`)));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${server}\r\nConnection: close\r\n\r\n`);
  return await promise.finally(() => socket.destroy());
}

/** @returns undefined where more of it is to come; without a length the answer never comes to its end */
function readHead(text: string): Head | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
  const contentLength = Number(/^content-length: *(\d+)\r$/im.exec(text)?.[1]);
  return { length: end + 4, status, contentLength };
}
