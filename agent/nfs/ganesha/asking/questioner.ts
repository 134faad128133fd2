// Asks an RPC program again and again whether it answers. One connection is kept: who takes all others from the program
// must not make it look as if it hung.
import { Buffer } from 'node:buffer';
import { createConnection, type Socket } from 'node:net';
import { Silence } from '../../../host/clock/silence.ts';
import { decodeReplies, encodeNullCall, type RpcProgram } from './null-call.ts';

const ANSWER_MS = 5000;

/** Where the program listens, and what it is. */
export type Asked = RpcProgram & { readonly address: string; readonly port: number };

/** What came of a question; the connection may end for reasons that say nothing of the program. */
type Outcome = 'answered' | 'silent' | 'unknown';

/** The questions to one program. */
export class Questioner {
  readonly #asked: Asked;
  readonly #silence = new Silence();
  #socket: Socket | undefined;
  #xid = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** Whether the last question was left without an answer. */
  get isDoubted(): boolean {
    return this.#silence.isDoubted;
  }

  /** Asks once. Returns whether the program hangs: it left this and the questions before without an answer. */
  async hangs(): Promise<boolean> {
    this.#silence.begin();
    const outcome = await this.#ask();
    if (outcome === 'silent') return this.#silence.silent();
    this.#silence[outcome]();
    return false;
  }

  /** Lets the connection go, and forgets what was not answered: the next question is to a new program. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#silence.answered();
  }

  #ask(): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#socket ??= this.#connect();
    const socket = this.#socket;
    this.#xid = (this.#xid + 1) % 0x7fffffff;
    const xid = this.#xid;
    let received = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      const { xids, rest } = decodeReplies(Buffer.concat([received, bytes]));
      received = Buffer.from(rest);
      if (xids.includes(xid)) finish('answered');
    };
    const onClose = () => finish('unknown');
    // Behind the turn of the event loop: an answer that lies there has been read by then.
    const timer = setTimeout(() => setImmediate(() => finish('silent')), ANSWER_MS);
    const finish = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose);
      resolve(outcome);
    };
    socket.on('data', onData).on('close', onClose);
    socket.write(encodeNullCall(xid, this.#asked));
    return promise;
  }

  #connect(): Socket {
    const { address, port } = this.#asked;
    const socket = createConnection({ host: address, port, localAddress: address });
    socket.unref();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    return socket;
  }
}
