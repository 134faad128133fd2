// Lines of the log that come by UDP: a packet is a line or several. Nobody can make the sender wait, so that what comes too fast is
// dropped, and a line says how many.
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { messageOf, WaltError } from '../../errors.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { LogLink } from '../../handlers/nodes/on-log-stream.ts';
import { LineCutter } from '../../protocol/logs/line-cutter.ts';
import { lineText } from '../../protocol/logs/line-text.ts';
import { guarded } from '../guarded.ts';
import { Pace } from '../limits/pace.ts';
import { LIMITS, type OnLimit } from '../limits/table.ts';
import type { RunningServer } from '../running-server.ts';
import type { LogOptions } from './log-connection.ts';

/** Where to listen (port 0: any), what the lines are, and who is asked and told. */
export type DatagramOptions = {
  readonly address: string;
  readonly port: number;
  /** of the log */
  readonly stream: string;
  /** what is shown of a line */
  readonly lineOf: (line: string) => string;
  readonly openLogs: LogOptions['open'];
  /** may this address be heard? */
  readonly isServed: (address: string) => boolean;
  readonly publish: (events: readonly ServerEvent[]) => void;
  readonly onLimit: OnLimit;
  /** told of each packet of an address that may be heard, as it came */
  readonly onPacket?: (bytes: Uint8Array, address: string) => void;
  /** only `onPacket` wants them: nothing is written to the log */
  readonly isUnlogged?: boolean;
};

const LONGEST = LIMITS['log-line'].each;
const LINES_A_SECOND = LIMITS['log-datagrams'].perAddress;
const MOST_WAITING = LIMITS['log-datagrams'].inAll;
const BURST_SECONDS = 2;
/** Addresses whose dropped lines are counted: others are dropped in silence. */
const MOST_COUNTED = 10_000;

/**
 * Starts a server.
 * @throws the error of `bind` if the port is taken or the address is not of this machine
 */
export async function startDatagrams(options: DatagramOptions): Promise<RunningServer> {
  const socket = dgram.createSocket('udp4');
  const intake = new DatagramIntake(options);
  const say = (error: Error) => intake.say(error);
  const take = (bytes: Buffer, { address }: dgram.RemoteInfo) => intake.take(bytes, address);
  socket.on('message', guarded(take, say));
  await bind(socket, options);
  socket.on('error', say);
  return {
    port: socket.address().port,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
      await intake.idle();
    },
  };
}

async function bind(
  socket: Socket,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind({ address, port });
  await listening;
}

class DatagramIntake {
  readonly #options: DatagramOptions;
  readonly #pace = new Pace(BURST_SECONDS, () => performance.now());
  readonly #dropped = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();
  #waiting = 0;

  constructor(options: DatagramOptions) {
    this.#options = options;
  }

  take(bytes: Uint8Array, address: string): void {
    const { isServed, onPacket, isUnlogged } = this.#options;
    if (isServed(address)) onPacket?.(bytes, address);
    if (isUnlogged) return;
    const link = this.#linkOf(address);
    const lines = this.#linesOf(bytes);
    if (link === undefined || lines.length === 0) return;
    const isRoom = this.#waiting + lines.length <= MOST_WAITING;
    if (!isRoom || !this.#pace.allows(address, lines.length / LINES_A_SECOND)) {
      this.#drop(address, lines.length);
      return;
    }
    const writing = this.#write(link, [...this.#droppedLine(address), ...lines]);
    this.#writing.add(writing);
    void writing.finally(() => this.#writing.delete(writing));
  }

  /** Resolves when all lines that came are on disk. */
  async idle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  say(reason: unknown): void {
    this.#options.publish([{ kind: 'problem', source: 'log lines', message: messageOf(reason) }]);
  }

  #linkOf(address: string): LogLink | undefined {
    const { isServed, openLogs, stream, onLimit } = this.#options;
    const link = isServed(address) ? openLogs(address, { stream, hasTimes: false }) : undefined;
    if (link?.kind === 'taken') return link;
    onLimit(link === undefined ? 'bootup-networks' : 'log-strangers', address);
    return undefined;
  }

  #linesOf(bytes: Uint8Array): string[] {
    const cutter = new LineCutter(LONGEST);
    const lines = [...cutter.cut(bytes)];
    const last = cutter.end();
    if (last !== undefined) lines.push(last);
    return lines.map((line) => this.#options.lineOf(lineText(line))).filter((line) => line !== '');
  }

  async #write(link: LogLink, lines: string[]) {
    this.#waiting += lines.length;
    try {
      await link.take(lines);
    } catch (reason) {
      if (!(reason instanceof WaltError)) throw reason;
      this.say(reason);
    } finally {
      this.#waiting -= lines.length;
    }
  }

  #drop(address: string, count: number): void {
    this.#options.onLimit('log-datagrams', address);
    const before = this.#dropped.get(address);
    if (before === undefined && this.#dropped.size >= MOST_COUNTED) return;
    this.#dropped.set(address, (before ?? 0) + count);
  }

  #droppedLine(address: string): string[] {
    const count = this.#dropped.get(address);
    if (count === undefined) return [];
    this.#dropped.delete(address);
    return [`[${count} lines were dropped here: they came too fast]`];
  }
}
