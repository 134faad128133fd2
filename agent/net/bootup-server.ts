// TCP 12347: a node connects, says REQ_NOTIFY_BOOTUP_STATUS, is told OK, and stays connected while it runs.
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../errors.ts';
import type { ServerEvent } from '../events/event.ts';
import type { BootupLink } from '../handlers/on-bootup.ts';
import { ConnectionShares } from './limits/connection-shares.ts';
import { LIMITS, type OnLimit } from './limits/table.ts';
import { type ListenPlace, listen, type RunningServer } from './running-server.ts';

/** Where to listen, and who is asked and told. */
export type BootupOptions = ListenPlace & {
  /** @returns undefined for an address of no node */
  readonly open: (address: string) => BootupLink | undefined;
  readonly publish: (events: readonly ServerEvent[]) => void;
  /** may this address be heard? */
  readonly isServed: (address: string) => boolean;
  /** is it the address of a node? */
  readonly isKnown: (address: string) => boolean;
  readonly onLimit: OnLimit;
  /** in place of what the table of limits says */
  readonly limits?: {
    readonly connections?: { readonly perAddress: number; readonly inAll: number };
    readonly firstLineMs?: number;
  };
};

const REQUEST = 'REQ_NOTIFY_BOOTUP_STATUS';
const LONGEST_LINE = LIMITS['bootup-line'].each;
const FIRST_LINE_MS = LIMITS['bootup-first-line'].each * 1000;
/** A node says something every 20 s; three times nothing means that it is gone. */
const SILENCE_MS = 65_000;

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
  readonly #shares: ConnectionShares;
  #port = 0;
  #isClosing = false;

  constructor(options: BootupOptions) {
    this.#options = options;
    const { isKnown, onLimit, limits = {} } = options;
    const { connections = LIMITS['bootup-connections'] } = limits;
    const onFull = (address: string) => onLimit('bootup-connections', address);
    this.#shares = new ConnectionShares({ ...connections, isKnown, onFull });
    this.#server = createServer((socket) => this.#accept(socket));
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
    this.#shares.destroyAll();
    await closed;
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (!this.#options.isServed(address)) {
      this.#options.onLimit('bootup-networks', address);
      socket.destroy();
      return;
    }
    if (!this.#shares.add(socket, address)) return;
    const connection = new Connection(socket, this.#options);
    socket.once('close', () => {
      const events = connection.end();
      if (!this.#isClosing) this.#options.publish(events);
    });
  }
}

/** One connection: a line that asks, then silence but for what shows that the node lives. */
class Connection {
  readonly #socket: Socket;
  readonly #options: BootupOptions;
  readonly #address: string;
  readonly #deadline: NodeJS.Timeout;
  #line = '';
  #link: BootupLink | undefined;
  #cause = 'the node closed its connection';

  constructor(socket: Socket, options: BootupOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#address = socket.remoteAddress ?? '';
    socket.setKeepAlive(true, 15_000);
    this.#deadline = setTimeout(() => {
      options.onLimit('bootup-first-line', this.#address);
      socket.destroy();
    }, options.limits?.firstLineMs ?? FIRST_LINE_MS);
    socket.on('error', (error) => {
      this.#cause = messageOf(error);
    });
    socket.on('data', (bytes) => this.#read(bytes));
  }

  /** The connection is over. @returns what that means */
  end(): readonly ServerEvent[] {
    clearTimeout(this.#deadline);
    return this.#link?.onEnd(this.#cause) ?? [];
  }

  #read(bytes: Buffer): void {
    if (this.#link !== undefined) return;
    this.#line += bytes.toString('latin1');
    if (!this.#line.includes('\n') && this.#line.length < LONGEST_LINE) return;
    if (!this.#line.includes('\n')) this.#options.onLimit('bootup-line', this.#address);
    const [request] = this.#line.split('\n');
    this.#link = request?.trim() === REQUEST ? this.#options.open(this.#address) : undefined;
    if (this.#link === undefined) this.#refuse();
    else this.#welcome(this.#link);
  }

  #welcome(link: BootupLink): void {
    clearTimeout(this.#deadline);
    this.#socket.setTimeout(SILENCE_MS, () => {
      this.#cause = 'the node does not answer any more';
      this.#socket.destroy();
    });
    this.#socket.write('OK\n');
    this.#options.publish(link.events);
  }

  #refuse(): void {
    const reason = `no answer to ${JSON.stringify(this.#line.slice(0, 60))}`;
    this.#options.publish([{ kind: 'ignored', source: 'bootup', from: this.#address, reason }]);
    this.#socket.destroy();
  }
}
