// A WebSocket as sessions see it: binary frames are bytes of a terminal, text frames are JSON objects with a `type`.
import { type RawData, WebSocket } from 'ws';
import type { FrameLink, Received } from '../calls/call.ts';

/** Frames that wait to be taken; then the client has to wait. */
const MOST_WAITING = 16;

/** Sends what the client takes, and reads what is taken here. */
export function frameLink(webSocket: WebSocket): FrameLink {
  return {
    send: (frame) =>
      new Promise((resolve) => {
        if (webSocket.readyState !== WebSocket.OPEN) return resolve();
        const bytes = frame instanceof Uint8Array ? frame : JSON.stringify(frame);
        // Who has gone takes nothing; that they have is told otherwise.
        webSocket.send(bytes, () => resolve());
      }),
    received: receivedFrom(webSocket),
  };
}

/** Takes frames from now on, also before anybody asks for them. */
function receivedFrom(webSocket: WebSocket): AsyncGenerator<Received> {
  const waiting: Received[] = [];
  let wake = () => {};
  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    waiting.push(isBinary ? bytesOf(data) : controlOf(String(bytesOf(data))));
    if (waiting.length >= MOST_WAITING) webSocket.pause();
    wake();
  });
  webSocket.once('close', () => wake());
  const filled = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return takenFrom(webSocket, { waiting, filled });
}

async function* takenFrom(
  webSocket: WebSocket,
  { waiting, filled }: { readonly waiting: Received[]; readonly filled: () => Promise<void> },
): AsyncGenerator<Received> {
  for (;;) {
    const next = waiting.shift();
    if (next !== undefined) {
      yield next;
      continue;
    }
    if (webSocket.readyState !== WebSocket.OPEN) return;
    webSocket.resume();
    await filled();
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

function controlOf(text: string): Received {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'type' in value) return value;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
  }
  return { type: undefined };
}
