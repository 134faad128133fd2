// The way of browsers, and of Node.js where the server has a certificate that it knows: fetch and WebSocket.
import { type Channel, Inbox, type Transport } from './transport.ts';

/** @param server as `https://192.0.2.1:8443`; empty for a page of the server itself */
export function webTransport(server: string): Transport {
  return {
    ask: async ({ method, path, headers, body, signal }) => {
      const stream = body !== undefined && typeof body !== 'string';
      const response = await fetch(`${server}${path}`, {
        ...{ method, headers, cache: 'no-store' },
        ...(body === undefined ? {} : { body: stream ? streamOf(body) : body }),
        ...(stream ? { duplex: 'half' } : {}),
        ...(signal === undefined ? {} : { signal }),
      } as RequestInit);
      return { status: response.status, bytes: chunksOf(response.body) };
    },
    open: async (path) => {
      const base = server === '' ? location.origin : server;
      // Browsers give a WebSocket no header: the session of a page is what proves who asks.
      const socket = new WebSocket(`${base.replace(/^http/, 'ws')}${path}`);
      socket.binaryType = 'arraybuffer';
      await new Promise<void>((resolve, reject) => {
        socket.onopen = () => resolve();
        socket.onerror = () => reject(new Error(`The server does not open ${path}`));
      });
      return channelOf(socket);
    },
  };
}

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const reading = body[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (stream) => {
      const { done, value } = await reading.next();
      if (done === true) stream.close();
      else stream.enqueue(value);
    },
    cancel: async () => void (await reading.return?.()),
  });
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function channelOf(socket: WebSocket): Channel {
  const inbox = new Inbox<string | Uint8Array>();
  socket.onmessage = ({ data }) =>
    inbox.push(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
  socket.onclose = () => inbox.close();
  socket.onerror = () => inbox.close();
  return {
    send: (frame) => socket.send(frame as string | Uint8Array<ArrayBuffer>),
    close: () => socket.close(),
    received: inbox,
  };
}
