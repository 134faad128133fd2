// A lasting connection to a running QEMU (QMP: a line of JSON each way): commands, and what QEMU says by itself. Its end
// tells that QEMU has ended.
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { messageOf, WaltError } from '../../../errors.ts';

/** What QEMU says without having been asked. */
export type QmpEvent = {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
};

type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: WaltError) => void;
};

/** QEMU answers at once; one that does not is stuck. */
const ANSWER_MS = 10_000;

/** One connection. QEMU serves one at a time. */
export class QmpSession {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEvent: (event: QmpEvent) => void;
  /** resolves when the connection is over, whoever ended it */
  readonly closed: Promise<void>;
  #lastId = 0;

  private constructor(socket: Socket, onEvent: (event: QmpEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    this.closed = this.#read();
  }

  /** @throws {WaltError} where nobody listens at the socket, or what answers is no QEMU */
  static async open(path: string, onEvent: (event: QmpEvent) => void): Promise<QmpSession> {
    const socket = createConnection(path);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MS) });
    } catch (cause) {
      socket.destroy();
      throw new WaltError(`Cannot reach QEMU at ${path}: ${messageOf(cause)}`, { cause });
    }
    const session = new QmpSession(socket, onEvent);
    try {
      await session.run('qmp_capabilities');
    } catch (reason) {
      session.close();
      throw reason;
    }
    return session;
  }

  /**
   * Runs one command, such as `query-status`.
   * @returns what QEMU returned
   * @throws {WaltError} when QEMU refuses it, ends, or says nothing for 10 s
   */
  async run(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(
      () => reject(new WaltError(`QEMU does not answer ${command}`)),
      ANSWER_MS,
    );
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** QEMU has ended, or somebody has closed the connection. */
  get isOver(): boolean {
    return this.#socket.destroyed;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #read(): Promise<void> {
    this.#socket.on('error', () => this.#socket.destroy());
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#socket.once('close', () => resolve());
    // readline repeats the errors of its input.
    createInterface({ input: this.#socket })
      .on('error', () => this.#socket.destroy())
      .on('line', (line) => this.#hear(line));
    await ended;
    for (const { reject } of this.#waiting.values()) reject(new WaltError('QEMU has ended'));
  }

  #hear(line: string): void {
    const message = parsed(line);
    if (typeof message.event === 'string') {
      this.#onEvent(message as QmpEvent);
      return;
    }
    const waiting = this.#waiting.get(Number(message.id));
    if (message.error === undefined) {
      waiting?.resolve(message.return);
      return;
    }
    const { desc } = message.error as { desc?: string };
    waiting?.reject(new WaltError(`QEMU refuses: ${desc}`));
  }
}

function parsed(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
