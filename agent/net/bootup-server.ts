// TCP 12347: a node connects, says REQ_NOTIFY_BOOTUP_STATUS, is told OK, and stays connected while it runs. Or it says
// REQ_NEW_INCOMING_LOGS, and sends lines of an experiment (`logs/log-connection.ts`).
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../errors.ts';
import type { ServerEvent } from '../events/event.ts';
import type { BootupLink } from '../handlers/nodes/on-bootup.ts';
import { timerMs } from '../host/clock/clock.ts';
import { LOG_REQUESTS } from '../protocol/logs/stream-head.ts';
import { ConnectionShares } from './limits/connection-shares.ts';
import { LIMITS, type OnLimit } from './limits/table.ts';
import { LogIntake, type LogIntakeOptions } from './logs/log-intake.ts';
import { type ListenPlace, listen, type RunningServer } from './running-server.ts';

/** Where to listen, and who is asked and told. */
export type BootupOptions = ListenPlace & {
  /** @returns undefined for an address of no node */
  readonly open: (address: string) => BootupLink | undefined;
  readonly openLogs: LogIntakeOptions['openLogs'];
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
    readonly streams?: { readonly perAddress: number; readonly inAll: number };
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
  readonly #streams: LogIntake;
  #port = 0;
  #isClosing = false;

  constructor(options: BootupOptions) {
    this.#options = options;
    const { isKnown, onLimit, limits = {} } = options;
    const { connections = LIMITS['bootup-connections'] } = limits;
    const onFull = (address: string) => onLimit('bootup-connections', address);
    this.#shares = new ConnectionShares({ ...connections, isKnown, onFull });
    this.#streams = new LogIntake({ ...options, shares: limits.streams });
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
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
    await Promise.all([closed, this.#streams.close()]);
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (!this.#options.isServed(address)) {
      this.#options.onLimit('bootup-networks', address);
      socket.destroy();
      return;
    }
    if (!this.#shares.add(socket, address)) return;
    const connection = new Connection(socket, {
      ...this.#options,
      takeStream: (onHead) => {
        // It counts as a stream from now on: a node with many of them keeps the connection that says that it is up.
        this.#shares.release(socket, address);
        this.#streams.take(socket, { address, onHead });
      },
    });
    socket.once('close', () => {
      const events = connection.end();
      if (!this.#isClosing) this.#options.publish(events);
    });
  }
}

type ConnectionOptions = BootupOptions & {
  /** the connection is a stream of log lines; to be told when the stream has said what it is */
  readonly takeStream: (onHead: () => void) => void;
};

/** One connection: a line that asks, then silence but for what shows that the node lives. */
class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #address: string;
  readonly #deadline: NodeJS.Timeout;
  #line = '';
  #isRead = false;
  #hasEnded = false;
  #link: BootupLink | undefined;
  #cause = 'the node closed its connection';

  constructor(socket: Socket, options: ConnectionOptions) {
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
    // A stream of log lines is closed when its lines are on disk, and all else at once.
    socket.on('end', this.#end);
    socket.on('data', this.#read);
  }

  /** The connection is over. @returns what that means */
  end(): readonly ServerEvent[] {
    clearTimeout(this.#deadline);
    return this.#link?.onEnd(this.#cause) ?? [];
  }

  readonly #read = (bytes: Buffer): void => {
    if (this.#isRead) return;
    this.#line += bytes.toString('latin1');
    if (!this.#line.includes('\n') && this.#line.length < LONGEST_LINE) return;
    if (!this.#line.includes('\n')) this.#options.onLimit('bootup-line', this.#address);
    const [request = '', ...rest] = this.#line.split('\n');
    if (LOG_REQUESTS.includes(request.trim())) {
      this.#becomeStream(rest.join('\n'));
      return;
    }
    this.#isRead = true;
    // A node that is not answered in time hangs up and comes anew, so that several connections wait while a server starts. Whether
    // this one has ended is known after the next look at the sockets.
    if (request.trim() === REQUEST) setImmediate(() => setImmediate(this.#answer));
    else this.#refuse();
  };

  readonly #answer = (): void => {
    if (this.#hasEnded || this.#socket.destroyed) return;
    this.#link = this.#options.open(this.#address);
    if (this.#link === undefined) this.#refuse();
    else this.#welcome(this.#link);
  };

  readonly #end = (): void => {
    this.#hasEnded = true;
    this.#socket.end();
  };

  /** @param rest what came behind the first line, in Latin-1 */
  #becomeStream(rest: string): void {
    this.#socket.off('data', this.#read);
    this.#socket.off('end', this.#end);
    this.#socket.pause();
    if (rest !== '') this.#socket.unshift(Buffer.from(rest, 'latin1'));
    this.#options.takeStream(() => clearTimeout(this.#deadline));
  }

  #welcome(link: BootupLink): void {
    clearTimeout(this.#deadline);
    this.#socket.setTimeout(timerMs(SILENCE_MS), () => {
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
