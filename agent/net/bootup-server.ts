// TCP 12347: a node connects, says REQ_NOTIFY_BOOTUP_STATUS, is told OK, and stays connected while it runs.
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../errors.ts';
import type { ServerEvent } from '../events/event.ts';
import type { BootupLink } from '../handlers/on-bootup.ts';
import { listen, type RunningServer } from './running-server.ts';

/** Where to listen (port 0: any), and who is asked and told. */
export type BootupOptions = {
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

/**
 * Starts a server.
 * @throws the error of `listen` if the port is taken or the address is not of this machine
 */
export async function startBootupServer(options: BootupOptions): Promise<BootupServer> {
  const server = new BootupServer(options);
  await server.start();
  return server;
}

/** Holds the connections of all nodes that run. */
export class BootupServer implements RunningServer {
  readonly #options: BootupOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #isClosing = false;

  constructor(options: BootupOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws the error of `listen` if the port is taken or the address is not of this machine */
  async start(): Promise<void> {
    this.#port = await listen(this.#server, this.#options);
  }

  get port(): number {
    return this.#port;
  }

  /** Hangs up on the nodes, which come back to the next server: they are not down. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const connection = new Connection(socket, this.#options);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (!this.#isClosing) connection.end();
    });
  }
}

/** One connection: a line that asks, then silence but for what shows that the node lives. */
class Connection {
  readonly #socket: Socket;
  readonly #options: BootupOptions;
  readonly #address: string;
  #line = '';
  #link: BootupLink | undefined;
  #cause = 'the node closed its connection';

  constructor(socket: Socket, options: BootupOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    socket.setKeepAlive(true, 15_000);
    socket.setTimeout(FIRST_LINE_MS, () => {
      this.#cause = 'the node does not answer any more';
      socket.destroy();
    });
    socket.on('error', (error) => {
      this.#cause = messageOf(error);
    });
    socket.on('data', (bytes) => this.#read(bytes));
  }

  /** The connection is over. */
  end(): void {
    if (this.#link !== undefined) this.#options.publish(this.#link.onEnd(this.#cause));
  }

  #read(bytes: Buffer): void {
    if (this.#link !== undefined) return;
    this.#line += bytes.toString('latin1');
    if (!this.#line.includes('\n') && this.#line.length < LONGEST_LINE) return;
    const [request] = this.#line.split('\n');
    this.#link = request?.trim() === REQUEST ? this.#options.open(this.#address) : undefined;
    if (this.#link === undefined) this.#refuse();
    else this.#welcome(this.#link);
  }

  #welcome(link: BootupLink): void {
    this.#socket.setTimeout(SILENCE_MS);
    this.#socket.write('OK\n');
    this.#options.publish(link.events);
  }

  #refuse(): void {
    const reason = `no answer to ${JSON.stringify(this.#line.slice(0, 60))}`;
    this.#options.publish([{ kind: 'ignored', source: 'bootup', from: this.#address, reason }]);
    this.#socket.destroy();
  }
}
