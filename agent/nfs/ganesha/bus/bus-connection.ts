// A connection to a D-Bus daemon, on which calls are made one after the other.
import { Buffer } from 'node:buffer';
import { createConnection, type Socket } from 'node:net';
import { WaltError } from '../../../errors.ts';
import { type BusCall, type BusMessage, decodeBusMessage, encodeBusCall } from './message.ts';

/** Ganesha answers within milliseconds; one that hangs is to be found out by whoever watches it. */
const ANSWER_MS = 10_000;

/** Who asks first for a name on the bus has to do so. */
const HELLO: BusCall = {
  ...{ destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' },
  ...{ interface: 'org.freedesktop.DBus', member: 'Hello', arguments: [] },
};

/** Open until it is closed. */
export class BusConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #serial = 0;
  #wake = () => {};
  #end: Error | undefined;

  /** @throws {WaltError} if nobody listens at this path, or lets us in */
  static async open(path: string): Promise<BusConnection> {
    const connection = new BusConnection(createConnection(path));
    try {
      await connection.#enter();
      await connection.call(HELLO);
      return connection;
    } catch (reason) {
      connection.close();
      throw reason;
    }
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer within 10 s')));
    socket.on('error', (error) => {
      this.#end = error;
    });
    socket.on('close', () => {
      this.#end ??= new Error('it closed the connection');
      this.#wake();
    });
  }

  /** @returns the first text of the answer. @throws {WaltError} with the reason, if the call is refused or not answered */
  async call(call: BusCall): Promise<string> {
    this.#serial += 1;
    const serial = this.#serial;
    this.#socket.write(encodeBusCall(serial, call));
    for (;;) {
      const { kind, answers, text } = await this.#next();
      if (kind === 'other' || answers !== serial) continue;
      if (kind === 'answer') return text;
      throw new WaltError(`Cannot call ${call.member} of ${call.destination}: ${text}`);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Authentication by the user that the kernel tells of us (EXTERNAL); lines of text, then messages. */
  async #enter(): Promise<void> {
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    this.#socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    const answer = await this.#take((bytes) => {
      const end = bytes.indexOf('\r\n');
      return end < 0 ? undefined : { value: bytes.toString('latin1', 0, end), length: end + 2 };
    });
    if (!answer.startsWith('OK ')) throw new WaltError(`Cannot enter the D-Bus: ${answer}`);
    this.#socket.write('BEGIN\r\n');
  }

  #next(): Promise<BusMessage> {
    return this.#take((bytes) => {
      const found = decodeBusMessage(bytes);
      return found && { value: found.message, length: found.length };
    });
  }

  async #take<Value>(
    find: (bytes: Buffer) => { readonly value: Value; readonly length: number } | undefined,
  ): Promise<Value> {
    for (;;) {
      const found = find(this.#received);
      if (found !== undefined) {
        this.#received = Buffer.from(this.#received.subarray(found.length));
        return found.value;
      }
      if (this.#end !== undefined) {
        throw new WaltError(`Cannot ask over the D-Bus: ${this.#end.message}`, {
          cause: this.#end,
        });
      }
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      await woken.promise;
    }
  }
}
