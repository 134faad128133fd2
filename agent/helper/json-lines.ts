// Lines of JSON on a connection, as they come: whoever takes them slowly is sent no more than the sockets hold.
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** A piece of what a shell writes is 64 KiB at most, and a third longer as text. */
const LONGEST_LINE = 2 ** 22;

/** Each line, without its end. Ends where the connection ends, or says a line that is far too long. */
export async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  try {
    for await (const piece of socket.iterator({ destroyOnReturn: false })) {
      rest = Buffer.concat([rest, piece as Buffer]);
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        yield rest.subarray(0, end).toString();
        rest = rest.subarray(end + 1);
      }
      if (rest.length > LONGEST_LINE) return;
    }
  } catch {
    // Whoever was there has gone.
  }
}

/** Resolves when more can be sent. Of a connection that is over, nothing is sent. */
export async function sendLine(socket: Socket, line: unknown): Promise<void> {
  if (socket.destroyed || socket.writableEnded) return;
  if (socket.write(`${JSON.stringify(line)}\n`)) return;
  const over = new AbortController();
  socket.once('close', () => over.abort());
  await once(socket, 'drain', { signal: over.signal }).catch(() => undefined);
}
