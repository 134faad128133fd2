// TCP 12347: a node connects, says REQ_NOTIFY_BOOTUP_STATUS, is told OK, and stays connected while it runs.
import { createServer, type Socket } from 'node:net';
import type { ServerEvent } from '../events/event.ts';
import type { BootupLink } from '../handlers/on-bootup.ts';
import { listen, type RunningServer } from './running-server.ts';

type Options = {
  readonly address: string;
  readonly port: number;
  /** @returns undefined for an address of no node */
  readonly open: (address: string) => BootupLink | undefined;
  readonly publish: (events: readonly ServerEvent[]) => void;
};

const REQUEST = 'REQ_NOTIFY_BOOTUP_STATUS';
const LONGEST_LINE = 256;
const FIRST_LINE_MS = 15_000;
/** A node says something every 20 s; three times nothing means that it is gone. */
const SILENCE_MS = 65_000;
const MOST_CONNECTIONS = 5_000;

export async function startBootupServer(options: Options): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  let isClosing = false;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, options, () => isClosing);
  });
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listen(server, options);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, options: Options, isClosing: () => boolean): void {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  let line = '';
  let link: BootupLink | undefined;
  let cause = 'the node closed its connection';
  socket.setKeepAlive(true, 15_000);
  socket.setTimeout(FIRST_LINE_MS);
  socket.on('timeout', () => {
    cause = 'the node does not answer any more';
    socket.destroy();
  });
  socket.on('error', (error) => {
    cause = error.message;
  });
  socket.on('data', (bytes) => {
    if (link !== undefined) return;
    line += bytes.toString('latin1');
    if (!line.includes('\n') && line.length < LONGEST_LINE) return;
    const [request] = line.split('\n');
    link = request?.trim() === REQUEST ? options.open(address) : undefined;
    if (link === undefined) {
      const reason = `no answer to ${JSON.stringify(line.slice(0, 60))}`;
      options.publish([{ kind: 'ignored', source: 'bootup', from: address, reason }]);
      socket.destroy();
      return;
    }
    socket.setTimeout(SILENCE_MS);
    socket.write('OK\n');
    options.publish(link.events);
  });
  // When the server itself stops, the nodes are not down.
  socket.once('close', () => {
    if (link !== undefined && !isClosing()) options.publish(link.onEnd(cause));
  });
}
