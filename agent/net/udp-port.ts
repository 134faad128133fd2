/**
 * A UDP socket that takes and sends many datagrams with one call, where the machine has such calls. Node's own socket is
 * on the same descriptor: it says when something has come, takes what comes first, and sends what the kernel has no
 * room for now. Without the calls it does everything.
 */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  type Datagram,
  type DatagramBatches,
  MOST_DATAGRAMS,
  type Peek,
  type Pieces,
} from './ffi/datagram-batches.ts';
import { type Place, placeKey, Sender } from './ffi/place.ts';
import { forceReceiveBuffer, openUdpDescriptor } from './ffi/udp-descriptor.ts';
import { numericAddress } from './numeric-address.ts';

/** Where to listen. */
export type UdpListen =
  /** a bound socket that this process inherited */
  { readonly fd: number } | { readonly address: string; readonly port: number };

/** Who is told of what comes, and by what. */
export type UdpPortOptions = {
  /** undefined: one datagram a call, as Node does */
  readonly batches: DatagramBatches | undefined;
  /** room for what comes at once; as much of it as the kernel lets this process have */
  readonly receiveBufferBytes?: number;
  readonly onDatagram: (bytes: Buffer, from: Place) => void;
  /** sees each datagram first; `onDatagram` does not get what it takes */
  readonly peek?: Peek;
  /** what came together has all been taken, and what it led to is sent; nothing else has run since the first of it */
  readonly onTaken?: () => void;
  readonly onError: (error: Error) => void;
};

/** Where one datagram comes at a time, as of a transfer without a window, so many are taken before it is looked for more. */
const MOST_VAIN = 16;

type Queued = Datagram & { readonly onError?: ((error: Error) => void) | undefined };

/**
 * Opens one.
 * @throws the error of `bind` if the port is taken or the address is not of this machine
 */
export async function openUdpPort(listen: UdpListen, options: UdpPortOptions): Promise<UdpPort> {
  const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
  const listening = once(socket, 'listening');
  const fd = 'fd' in listen ? listen.fd : openUdpDescriptor(listen, options.batches?.calls);
  socket.bind(fd === undefined ? { ...listen } : { fd });
  await listening;
  const { receiveBufferBytes, batches } = options;
  if (receiveBufferBytes !== undefined) {
    socket.setRecvBufferSize(receiveBufferBytes);
    if (batches !== undefined && fd !== undefined) {
      forceReceiveBuffer(fd, receiveBufferBytes, batches.calls);
    }
  }
  return new UdpPort(socket, fd, options);
}

/** One that is open, until `close()`. */
export class UdpPort {
  readonly #socket: Socket;
  readonly #fd: number | undefined;
  readonly #options: UdpPortOptions;
  #queue: Queued[] = [];
  #isClosed = false;
  #hasHadItsTurn = false;
  /** how often in a row nothing more was there, and how many datagrams come before it is looked again */
  #vain = 0;
  #skip = 0;

  constructor(socket: Socket, fd: number | undefined, options: UdpPortOptions) {
    this.#socket = socket;
    this.#fd = fd;
    this.#options = options;
    socket.on('message', (bytes, from) => {
      const place = { address: from.address, port: from.port };
      if (!this.#peekAt(bytes, place)) this.#take(bytes, place);
      this.#takeMore();
      this.#flush();
      options.onTaken?.();
    });
    socket.on('error', options.onError);
  }

  /** The port asked for, or the one that the kernel chose for 0. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** What Node can set of it. */
  get options(): Pick<Socket, 'setBroadcast' | 'setRecvBufferSize'> {
    return this.#socket;
  }

  /** Sends a datagram with all others of this turn of the event loop; until then its bytes may not change. */
  send(bytes: Uint8Array, to: Place, onError?: (error: Error) => void): void {
    if (this.#isClosed) return;
    if (this.#options.batches === undefined || this.#fd === undefined) {
      this.#sendAlone({ bytes, to, onError });
      return;
    }
    if (this.#queue.length === 0) process.nextTick(() => this.#flush());
    this.#queue.push({ bytes, to, onError });
  }

  /** Sends datagrams in this order to one place, at once. Those that lie one behind the other in memory leave with one call. */
  sendAll(datagrams: readonly Uint8Array[], to: Place): void {
    if (this.#isClosed) return;
    this.#flush();
    for (let at = 0; at < datagrams.length; ) {
      const row = datagrams.slice(at, endOfRow(datagrams, at));
      for (const bytes of row.slice(this.#sendRow(row, to))) this.#sendAlone({ bytes, to });
      at += row.length;
    }
  }

  /** Sends datagrams of different lengths to one place, at once, those from `from` on; their memory may change when it returns. */
  sendEach(
    pieces: Pieces & { readonly from?: number },
    to: Place,
    onError?: (error: Error) => void,
  ): void {
    if (this.#isClosed) return;
    const { batches } = this.#options;
    const { memory, stride, lengths, count } = pieces;
    let { from = 0 } = pieces;
    while (batches !== undefined && this.#fd !== undefined && from < count) {
      const taken = batches.sendEach(this.#fd, { memory, stride, lengths, count, from }, to);
      if (taken === 0) break;
      from += taken;
    }
    for (; from < count; from += 1) {
      const begin = from * stride;
      const bytes = Uint8Array.from(memory.subarray(begin, begin + (lengths[from] ?? 0)));
      this.#sendAlone({ bytes, to, onError });
    }
  }

  /**
   * Takes what lies there, 64 at most, and sends what that led to, without `onTaken`: a turn of Node's loop costs more than both.
   * @returns how many came
   */
  poll(): number {
    const { batches } = this.#options;
    if (this.#isClosed || batches === undefined || this.#fd === undefined) return 0;
    const count = this.#receive(batches, this.#fd);
    if (count === 0) return 0;
    this.#flush();
    return count;
  }

  /** What was sent before still leaves. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  readonly #peek: Peek = (memory, place, from) =>
    !this.#isClosed && this.#options.peek?.(memory, place, from) === true;

  #peekAt(bytes: Buffer, from: Place): boolean {
    if (this.#options.peek === undefined) return false;
    return this.#peek(bytes, { start: 0, end: bytes.length }, new Sender(placeKey(from)));
  }

  #receive(batches: DatagramBatches, fd: number): number {
    return batches.receive(fd, (bytes, from) => this.#take(bytes, from), this.#peek);
  }

  #take(bytes: Buffer, from: Place): void {
    if (!this.#isClosed) this.#options.onDatagram(bytes, from);
  }

  /** Node's loop asks for more by itself; a batch a turn leaves all others theirs. */
  #takeMore(): void {
    const { batches } = this.#options;
    if (batches === undefined || this.#fd === undefined) return;
    if (this.#isClosed || this.#hasHadItsTurn) return;
    this.#skip -= 1;
    if (this.#skip >= 0) return;
    const count = this.#receive(batches, this.#fd);
    this.#vain = count === 0 ? Math.min(this.#vain + 1, MOST_VAIN) : 0;
    this.#skip = this.#vain;
    if (count < MOST_DATAGRAMS) return;
    this.#hasHadItsTurn = true;
    setImmediate(() => {
      this.#hasHadItsTurn = false;
    });
  }

  #flush(): void {
    const queue = this.#queue;
    if (queue.length === 0) return;
    this.#queue = [];
    const { batches } = this.#options;
    let sent = 0;
    while (batches !== undefined && this.#fd !== undefined && sent < queue.length) {
      const taken = batches.send(this.#fd, queue.slice(sent, sent + MOST_DATAGRAMS));
      if (taken === 0) break;
      sent += taken;
    }
    for (const one of queue.slice(sent)) this.#sendAlone(one);
  }

  /** @returns how many of a row the kernel took from the first on */
  #sendRow(row: readonly Uint8Array[], to: Place): number {
    const { batches } = this.#options;
    const [first] = row;
    if (batches === undefined || this.#fd === undefined || !first?.length) return 0;
    const stride = first.length;
    const end = row.reduce((sum, { length }) => sum + length, 0);
    let taken = 0;
    while (taken < row.length) {
      const from = taken * stride;
      const run = {
        memory: first.buffer,
        offset: first.byteOffset + from,
        length: end - from,
        stride,
      };
      const more = batches.sendRun(this.#fd, run, to);
      if (more === 0) break;
      taken += more;
    }
    return taken;
  }

  #sendAlone({ bytes, to, onError = () => undefined }: Queued): void {
    this.#socket.send(bytes, to.port, to.address, (error) => error && onError(error));
  }
}

/** Where a row ends that begins at `at`: all of it are as long as the first, but the last, which may be shorter. */
function endOfRow(datagrams: readonly Uint8Array[], at: number): number {
  const first = datagrams[at];
  let end = at + 1;
  for (let before = first; before !== undefined; before = datagrams[end - 1]) {
    const next = datagrams[end];
    if (next === undefined || before.length !== first?.length) break;
    const isBehind = next.byteOffset === before.byteOffset + before.length;
    if (next.buffer !== before.buffer || !isBehind) break;
    if (next.length === 0 || next.length > first.length) break;
    end += 1;
  }
  return end;
}
