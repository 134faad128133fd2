// All streams of log lines that are being read.
import type { Socket } from 'node:net';
import { messageOf, WaltError } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import { Admission } from '../limits/admission.ts';
import { ConnectionShares } from '../limits/connection-shares.ts';
import { Pace } from '../limits/pace.ts';
import { LIMITS } from '../limits/table.ts';
import { type LogOptions, readLogStream } from './log-connection.ts';

/** Who is asked and told, and how many streams there may be, in place of what the table of limits says. */
export type LogIntakeOptions = Pick<LogOptions, 'onLimit'> & {
  readonly openLogs: LogOptions['open'];
  readonly publish: (events: readonly ServerEvent[]) => void;
  readonly isKnown: (address: string) => boolean;
  readonly shares?: { readonly perAddress: number; readonly inAll: number } | undefined;
};

type Stream = { readonly address: string; readonly onHead: () => void };

/** What an address may send at once, in seconds of its pace. */
const BURST_SECONDS = 2;

/** Of these, each has 1024 lines at most on its way to the disk: memory is bounded, and nobody takes all places. The others wait. */
const TURNS = {
  running: 128,
  runningPerClient: 4,
  waiting: Number.POSITIVE_INFINITY,
  waitingPerClient: Number.POSITIVE_INFINITY,
};

/** Reads streams until it is closed. */
export class LogIntake {
  readonly #options: LogIntakeOptions;
  readonly #shares: ConnectionShares;
  readonly #pace = new Pace(BURST_SECONDS, () => performance.now());
  readonly #turns = new Admission(TURNS);
  readonly #reading = new Set<Promise<void>>();

  constructor(options: LogIntakeOptions) {
    this.#options = options;
    const { isKnown, onLimit, shares = LIMITS['log-connections'] } = options;
    const onFull = (address: string) => onLimit('log-connections', address);
    this.#shares = new ConnectionShares({ ...shares, isKnown, onFull });
  }

  /** Reads the connection to its end, if there may be so many. @param stream.onHead as of `readLogStream` */
  take(socket: Socket, stream: Stream): void {
    if (!this.#shares.add(socket, stream.address)) return;
    const reading = this.#read(socket, stream);
    this.#reading.add(reading);
    void reading.finally(() => this.#reading.delete(reading));
  }

  /** Ends all connections. Resolves when what was read of them is on disk. */
  async close(): Promise<void> {
    this.#shares.destroyAll();
    await Promise.all(this.#reading);
  }

  async #read(socket: Socket, { address, onHead }: Stream): Promise<void> {
    const { openLogs: open, onLimit, publish } = this.#options;
    try {
      const stream = { open, onLimit, pace: this.#pace, turns: this.#turns, onHead };
      const reason = await readLogStream(socket, stream);
      if (reason === undefined) return;
      publish([{ kind: 'ignored', source: 'log lines', from: address, reason }]);
    } catch (reason) {
      // A connection that ends without a farewell is nothing new; a disk that takes nothing is.
      if (!(reason instanceof WaltError)) return;
      publish([{ kind: 'problem', source: 'log lines', message: messageOf(reason) }]);
    }
  }
}
