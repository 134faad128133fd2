// How long a request may take to come. Node.js has one time for all requests; some here are as long as an image.
import type { IncomingMessage, RequestListener } from 'node:http';

type Options = {
  /** milliseconds from the head of a request to its end */
  readonly wholeMs: number;
  /** of a long one: milliseconds in which no byte comes */
  readonly pauseMs: number;
  readonly isLong: (request: IncomingMessage) => boolean;
  /** told of a request that does not come; its connection is left to whoever is told */
  readonly onLate: (request: IncomingMessage) => void;
};

/** A listener like `handle`, whose requests come in time or are given up. */
export function withDeadline(
  handle: RequestListener,
  { wholeMs, pauseMs, isLong, onLate }: Options,
): RequestListener {
  return (request, response) => {
    const long = isLong(request);
    const { socket } = request;
    let read = socket.bytesRead;
    const look = () => {
      if (request.complete) return stop();
      const hasComeOn = long && socket.bytesRead > read;
      read = socket.bytesRead;
      // Where the server itself does not read, nothing can come.
      if (hasComeOn || (long && request.readableLength > 0)) return;
      stop();
      onLate(request);
    };
    const timer = setInterval(look, long ? pauseMs : wholeMs);
    const stop = () => {
      clearInterval(timer);
      // One connection brings many requests: each takes back what it left there.
      socket.off('close', stop);
    };
    socket.once('close', stop);
    // An answer before the end of a request, as a refusal is, gives nobody the time to send on for ever.
    response.once('close', () => request.complete && stop());
    handle(request, response);
  };
}
