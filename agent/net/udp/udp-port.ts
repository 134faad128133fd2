/**
 * A UDP socket that takes and sends many datagrams with one call, where the machine has such calls. Node's own socket is
 * on the same descriptor: it says when something has come, takes what comes first, and sends what the kernel has no
 * room for now. Without the calls it does everything.
 */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { DatagramBatches, Peek, Pieces } from '../ffi/datagram-batches.ts';
import type { ClientFrames, ClientWay } from '../ffi/frames/client-frames.ts';
import { type Place, placeKey, Sender } from '../ffi/place.ts';
import { forceReceiveBuffer, openUdpDescriptor } from '../ffi/udp-descriptor.ts';
import { errorOf, guarded } from '../guarded.ts';
import { numericAddress } from '../numeric-address.ts';
import { type NodeReading, nodeReadingOf } from './node-reading.ts';
import { QuickClient } from './quick-client.ts';
import { Reading } from './reading.ts';
import { endOfRow, sendRow } from './rows.ts';
import { type Queued, SendQueue } from './send-queue.ts';

/** Where to listen. */
export type UdpListen =
  /** a bound socket that this process inherited */
  { readonly fd: number } | { readonly address: string; readonly port: number };

/** Who is told of what comes, and by what. */
export type UdpPortOptions = {
  /** undefined: one datagram a call, as Node does */
  readonly batches: DatagramBatches | undefined;
  /** what `sendFramed()` sends by; without them it sends datagrams */
  readonly frames?: Pick<ClientFrames, 'send'> | undefined;
  /** room for what comes at once; as much of it as the kernel lets this process have */
  readonly receiveBufferBytes?: number;
  readonly onDatagram: (bytes: Buffer, from: Place) => void;
  /** sees each datagram first; `onDatagram` does not get what it takes */
  readonly peek?: Peek;
  /** what came together has all been taken, and what it led to is sent; others may have run since the first of it */
  readonly onTaken?: () => void;
  readonly onError: (error: Error) => void;
  /** told of an error of the functions above, which is a fault of this program; unless given, `onError` is */
  readonly onFault?: (error: Error) => void;
};

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
  readonly #quick: QuickClient | undefined;
  readonly #reading: Reading;
  readonly #queue: SendQueue;
  readonly #onDatagram: UdpPortOptions['onDatagram'];
  readonly #onFault: (error: Error) => void;
  #isClosed = false;
  /** what is sent now leaves at once */
  #isSingle = false;

  constructor(
    socket: Socket,
    fd: number | undefined,
    options: UdpPortOptions,
    node: NodeReading | undefined = nodeReadingOf(socket),
  ) {
    this.#socket = socket;
    this.#fd = fd;
    this.#options = options;
    const { batches, frames, onFault = options.onError } = options;
    this.#onFault = onFault;
    this.#onDatagram = guarded(options.onDatagram, onFault);
    const onTaken = options.onTaken && guarded(options.onTaken, onFault);
    const sendAlone = (datagram: Queued) => this.#sendAlone(datagram);
    this.#queue = new SendQueue({ batches, frames, fd, sendAlone });
    if (batches !== undefined && fd !== undefined) {
      this.#quick = new QuickClient(batches, { fd, here: socket.address() });
    }
    this.#reading = new Reading({
      node,
      receive: () => this.#receive(),
      answer: () => {
        this.#flush();
        onTaken?.();
      },
    });
    socket.on('message', (bytes, from) => {
      const place = { address: from.address, port: from.port };
      if (!this.#peekAt(bytes, place)) this.#take(bytes, place);
      this.#reading.tookOne();
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
    if (this.#quick === undefined) {
      this.#sendAlone({ bytes, to, onError });
      return;
    }
    if (this.#isSingle && this.#queue.isEmpty && this.#quick.send(bytes, to)) return;
    this.#flushLater();
    this.#queue.add({ bytes, to, onError });
  }

  /** As `send()`, but as a frame, where the kernel takes one now. */
  sendFramed(bytes: Uint8Array, to: Place, way: ClientWay): void {
    if (this.#isClosed) return;
    this.#flushLater();
    this.#queue.addFramed({ bytes, to, way });
  }

  /** Sends datagrams in this order to one place, at once. Those that lie one behind the other in memory leave with one call. */
  sendAll(datagrams: readonly Uint8Array[], to: Place): void {
    if (this.#isClosed) return;
    this.#flush();
    const [{ batches }, fd] = [this.#options, this.#fd];
    for (let at = 0; at < datagrams.length; ) {
      const row = datagrams.slice(at, endOfRow(datagrams, at));
      const sent = batches && fd !== undefined ? sendRow(row, to, { batches, fd }) : 0;
      for (const bytes of row.slice(sent)) this.#sendAlone({ bytes, to });
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
    const count = this.#receive();
    this.#flush();
    return count;
  }

  /**
   * The same for one datagram at most, which costs less: what is sent by `send()` meanwhile leaves within that call.
   * @returns how many came
   */
  pollOne(): number {
    const { batches } = this.#options;
    if (this.#isClosed || batches === undefined || this.#quick === undefined) return 0;
    this.#isSingle = true;
    try {
      return batches.receiveOne(this.#quick.fd, this.#takeAlone, this.#peek);
    } finally {
      this.#isSingle = false;
    }
  }

  /** `pollOne()` is not called for a while: what comes wakes Node again. */
  rest(): void {
    const { batches } = this.#options;
    const fd = this.#quick?.park();
    if (this.#isClosed || batches === undefined || fd === undefined) return;
    // That its port is closed, as of a client that said that it gives up, is told once, and looks like the end of what it said.
    for (let ends = 0; ends < 2; ends += 1) {
      while (batches.receiveOne(fd, this.#takeAlone, this.#peek) > 0);
    }
    this.#flush();
  }

  /** What was sent before still leaves. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    this.#quick?.close();
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  readonly #takeAlone = (bytes: Buffer, from: Place) => this.#take(bytes, from);

  /** As `guarded()`: what came with the datagram is not lost either. */
  readonly #peek: Peek = (memory, place, from) => {
    if (this.#isClosed) return false;
    try {
      return this.#options.peek?.(memory, place, from) === true;
    } catch (thrown) {
      this.#onFault(errorOf(thrown));
      return false;
    }
  };

  #peekAt(bytes: Buffer, from: Place): boolean {
    if (this.#options.peek === undefined) return false;
    return this.#peek(bytes, { start: 0, end: bytes.length }, new Sender(placeKey(from)));
  }

  #receive(): number {
    const { batches } = this.#options;
    if (this.#isClosed || batches === undefined || this.#fd === undefined) return 0;
    return batches.receive(this.#fd, this.#takeAlone, this.#peek);
  }

  #take(bytes: Buffer, from: Place): void {
    if (!this.#isClosed) this.#onDatagram(bytes, from);
  }

  #flushLater(): void {
    if (this.#queue.isEmpty) process.nextTick(this.#flush);
  }

  readonly #flush = (): void => this.#queue.flush();

  #sendAlone({ bytes, to, onError = () => undefined }: Queued): void {
    this.#socket.send(bytes, to.port, to.address, (error) => error && onError(error));
  }
}
