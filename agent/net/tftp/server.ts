/**
 * The TFTP socket: asks the handler about every read request and runs one transfer for it. Nothing is decided
 * here but what the protocol itself demands. Read-only.
 */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { messageOf } from '../../errors.ts';
import { mayBeAnswered } from '../../protocol/tftp/complaint.ts';
import type { TftpClient, TftpReadHandler } from '../../protocol/tftp/exchange.ts';
import { encodeTftp, tftpErrors } from '../../protocol/tftp/packet.ts';
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import type { ClientFrames } from '../ffi/frames/client-frames.ts';
import { SharedChunks } from '../files/shared-chunks.ts';
import { guarded } from '../guarded.ts';
import { Admission, type AdmissionLimits } from '../limits/admission.ts';
import { LIMITS, type OnLimit } from '../limits/table.ts';
import { numericAddress } from '../numeric-address.ts';
import type { ListenPlace } from '../running-server.ts';
import { TftpAttention } from './attention.ts';
import { TftpClock } from './clock.ts';
import { TftpPorts } from './ports.ts';
import { answerRequest, readRequest, type TftpRequest } from './request.ts';
import { TftpSilence } from './silence.ts';
import { TftpTransfer, type TransferResult, type TransferServices } from './transfer.ts';

/** What the server tells of requests and of other packets. */
export type TftpReport =
  /** One for each request, when all is over. */
  | (TransferResult & {
      readonly kind: 'transfer';
      readonly client: TftpClient;
      readonly filename: string;
      /** From the request to the end, waiting in line included. */
      readonly ms: number;
    })
  /** No request: error 4 is all that it was answered, if anything; `count` packets so far. */
  | {
      readonly kind: 'dropped';
      readonly from: TftpClient;
      readonly reason: string;
      readonly count: number;
    };

/** Where to listen, and who is served. */
export type TftpListen = ListenPlace & {
  readonly limits?: AdmissionLimits;
  /** May this address be served? Without it each one may. */
  readonly isServed?: (address: string) => boolean;
  /** Is it the address of a node? Without it nobody goes first. */
  readonly isKnown?: (address: string) => boolean;
  readonly onLimit?: OnLimit;
  /** many datagrams with one call; without them each has its own */
  readonly batches?: DatagramBatches | undefined;
  /** blocks for many clients leave by these; without them they are datagrams */
  readonly frames?: ClientFrames | undefined;
};

type Arrival = { readonly client: TftpClient; readonly request: TftpRequest };
type Running = { readonly asked: string; readonly transfer: TftpTransfer };

const { 'tftp-running': running, 'tftp-waiting': waiting } = LIMITS;
/** A rack that powers up at once finds room; a machine that runs wild does not take it all. */
const defaultLimits: AdmissionLimits = {
  running: running.inAll,
  runningPerClient: running.perAddress,
  waiting: waiting.inAll,
  waitingPerClient: waiting.perAddress,
};
const receiveBufferBytes = 4 * 1024 * 1024;

/** Of files, kept in memory for the next who asks. */
const sharedBytes = 32 * 1024 * 1024;

/** Characters of an error's text: a boot ROM has one line for it. */
const longestText = 100;

/**
 * Starts a server.
 * @throws the error of `bind` if the port is taken or the address is not of this machine
 */
export async function startTftpServer(
  listen: TftpListen,
  handler: TftpReadHandler,
  report: (report: TftpReport) => void,
): Promise<TftpServer> {
  const server = new TftpServer(listen, handler, report);
  await server.start();
  return server;
}

/** A listening socket and the transfers that began with a request to it. */
export class TftpServer {
  readonly #listen: TftpListen;
  readonly #handler: TftpReadHandler;
  readonly #report: (report: TftpReport) => void;
  readonly #socket: Socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
  readonly #admission: Admission;
  readonly #silence: TftpSilence;
  readonly #services: TransferServices;
  readonly #running = new Map<string, Running>();
  readonly #ends = new Set<Promise<void>>();
  readonly #receive = guarded(
    (bytes: Buffer, from: TftpClient) => this.#arrive(bytes, from),
    (error) => this.#dropByFault(error),
  );
  #dropped = 0;
  #isOpen = true;

  constructor(listen: TftpListen, handler: TftpReadHandler, report: (report: TftpReport) => void) {
    const { limits = defaultLimits, isKnown = () => true, onLimit } = listen;
    this.#listen = listen;
    this.#handler = handler;
    this.#report = report;
    const onWait = (from: string) => onLimit?.('tftp-running', from);
    this.#admission = new Admission(limits, { isKnown, onWait });
    this.#silence = new TftpSilence(limits);
    const ports = new TftpPorts(listen.batches, {
      frames: listen.frames,
      onHeard: () => attention.hear(),
      onFault: (error) => this.#dropByFault(error),
    });
    const take = listen.batches && (() => ports.take());
    const transfers = () => this.#running.size;
    const attention = new TftpAttention({ transfers, take, rest: () => ports.rest() });
    this.#services = {
      attention,
      clock: new TftpClock(),
      chunks: new SharedChunks(sharedBytes),
      ports,
      tell: (client, text) => this.#sendError(client, tftpErrors.notDefined, text),
    };
  }

  /** @throws the error of `bind` if the port is taken or the address is not of this machine */
  async start(): Promise<void> {
    const { address, port, fd } = this.#listen;
    const listening = once(this.#socket, 'listening');
    this.#socket.bind(fd === undefined ? { address, port } : { fd });
    await listening;
    // A rack that powers up at once asks in one burst; the kernel gives as much of this as it allows.
    this.#socket.setRecvBufferSize(receiveBufferBytes);
    this.#socket.on('message', this.#receive);
    this.#socket.on('error', (error) => this.#dropByFault(error));
  }

  /** Where it listens: the port asked for, or the one that the kernel chose for 0. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** Transfers that run, and requests that wait. */
  get counts(): Admission['counts'] {
    return this.#admission.counts;
  }

  /** Ends the transfers, whose clients are told, and frees everything. */
  async close(): Promise<void> {
    this.#socket.off('message', this.#receive);
    this.#abortAll();
    await Promise.all(this.#ends);
    await this.#closeSocket();
  }

  /** Takes no request any more; transfers that have begun may go on for so long (milliseconds). */
  async drain(ms: number): Promise<void> {
    await this.#closeSocket();
    const late = setTimeout(() => this.#abortAll(), ms);
    await Promise.all(this.#ends);
    clearTimeout(late);
  }

  #abortAll(): void {
    for (const { transfer } of this.#running.values()) transfer.abort('the server stops');
  }

  async #closeSocket(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    this.#isOpen = false;
    await closed;
  }

  #arrive(bytes: Buffer, { address, port }: TftpClient): void {
    const client = { address, port };
    if (this.#listen.isServed?.(address) === false) {
      this.#listen.onLimit?.('tftp-networks', address);
      return;
    }
    const request = port === 0 ? 'there is no port to answer to' : readRequest(bytes);
    if (typeof request === 'string') this.#complain(bytes, { client, reason: request });
    else this.#begin(bytes, { client, request });
  }

  #complain(bytes: Buffer, { client, reason }: { client: TftpClient; reason: string }): void {
    this.#drop(client, reason);
    if (mayBeAnswered(bytes, client)) this.#sendError(client, tftpErrors.illegalOperation, reason);
  }

  #begin(bytes: Buffer, { client, request }: Arrival): void {
    const key = `${client.address}:${client.port}`;
    const asked = bytes.toString('latin1');
    const before = this.#running.get(key);
    // Sent again, or twice by the network: the transfer repeats by itself what the client has not seen.
    if (before?.asked === asked && before.transfer.takesCopies) {
      before.transfer.repeat();
      return;
    }
    before?.transfer.abandon('client asked anew from the same port');
    const transfer = new TftpTransfer(client, this.#services);
    this.#running.set(key, { asked, transfer });
    const end = this.#serve(transfer, { client, request }).finally(() => {
      this.#ends.delete(end);
      if (this.#running.get(key)?.transfer === transfer) this.#running.delete(key);
    });
    this.#ends.add(end);
  }

  async #serve(transfer: TftpTransfer, { client, request }: Arrival): Promise<void> {
    const begun = performance.now();
    const result = await this.#inTurn(transfer, { client, request });
    const ms = performance.now() - begun;
    this.#report({ kind: 'transfer', client, filename: request.filename, ms, ...result });
  }

  async #inTurn(transfer: TftpTransfer, { client, request }: Arrival): Promise<TransferResult> {
    const { address } = client;
    if (!(await this.#admission.enter(address))) return this.#sayBusy(client);
    let isCounted = true;
    const giveWay = () => {
      if (isCounted) this.#admission.leave(address);
      isCounted = false;
    };
    const onSilence = () => {
      giveWay();
      this.#silence.add(transfer, address);
    };
    try {
      const answer = () => answerRequest(request, client, this.#handler);
      return await transfer.run(request, { address: this.#listen.address, answer, onSilence });
    } finally {
      giveWay();
      this.#silence.delete(transfer);
    }
  }

  #sayBusy(client: TftpClient): TransferResult {
    const message = 'too many transfers, try again later';
    this.#sendError(client, tftpErrors.notDefined, message);
    this.#listen.onLimit?.('tftp-waiting', client.address);
    return { bytes: 0, retransmissions: 0, outcome: 'refused', message };
  }

  #dropByFault(error: Error): void {
    const { address, port } = this.#listen;
    this.#drop({ address, port }, messageOf(error));
  }

  #drop(from: TftpClient, reason: string): void {
    this.#dropped += 1;
    this.#report({ kind: 'dropped', from, reason, count: this.#dropped });
  }

  #sendError({ address, port }: TftpClient, code: number, text: string): void {
    // The port belongs to the next server.
    if (!this.#isOpen) return;
    const message = text.slice(0, longestText);
    this.#socket.send(encodeTftp({ kind: 'error', code, message }), port, address);
  }
}
