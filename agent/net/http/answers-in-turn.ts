// One answer at a time on a connection. Node's HTTP server takes requests as they come, answered or not; here what a
// client sends ahead waits, and who sends much ahead is not reading.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Asked = { readonly request: IncomingMessage; readonly response: ServerResponse };

type Options = {
  /** requests that may wait on one connection; with one more it ends */
  readonly mostWaiting: number;
  readonly onFull: (request: IncomingMessage) => void;
};

/** A listener like `handle`, which is called with the next request of a connection when the answer before is over. */
export function answersInTurn(
  handle: RequestListener,
  { mostWaiting, onFull }: Options,
): RequestListener {
  const lines = new WeakMap<Socket, Asked[]>();
  const begin = ({ request, response }: Asked) => {
    const { socket } = request;
    response.once('close', () => {
      const next = lines.get(socket)?.shift();
      if (next === undefined || socket.destroyed) lines.delete(socket);
      else begin(next);
    });
    handle(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    const line = lines.get(socket);
    if (socket.destroyed) return;
    if (line === undefined) {
      lines.set(socket, []);
      begin({ request, response });
    } else if (line.length < mostWaiting) {
      line.push({ request, response });
    } else {
      onFull(request);
      socket.destroy();
    }
  };
}
