// What helpers that are asked in lines have in common: a connection for each request, whose first line that is.
import { createServer, type Server, type Socket } from 'node:net';
import { linesOf } from './json-lines.ts';

type Options = {
  /** Does what the first line asks for, and takes those behind it. The connection ends with it. */
  readonly answer: (socket: Socket, line: string, lines: AsyncGenerator<string>) => Promise<void>;
  /** Whether something goes on that no connection stands for. */
  readonly isBusy?: () => boolean;
  /** Called whenever nobody is connected any more, and nothing goes on. */
  readonly onQuiet?: (() => void) | undefined;
};

/** Of 100 people, and what else is asked for them. */
const MOST_CONNECTIONS = 256;
/** A request may take so long to arrive. */
const PATIENCE_MS = 10_000;

/** A server that listens nowhere yet. */
export function lineServer({ answer, isBusy = () => false, onQuiet }: Options): Server {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && !isBusy()) onQuiet?.();
    });
    // One that goes away has no wish any more.
    socket.on('error', () => undefined);
    void attend(socket, answer);
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

async function attend(socket: Socket, answer: Options['answer']): Promise<void> {
  const lines = linesOf(socket);
  const deadline = setTimeout(() => socket.destroy(), PATIENCE_MS);
  const { value: line } = await lines.next();
  clearTimeout(deadline);
  if (typeof line === 'string') await answer(socket, line, lines);
  socket.end();
  socket.destroySoon();
}
