/** One read request from its first answer to its end: socket, clock and file around `protocol/tftp/transfer.ts`. */
import { performance } from 'node:perf_hooks';
import type { TftpAnswer, TftpClient, TftpReadRequest } from '../../protocol/tftp/exchange.ts';
import { negotiate } from '../../protocol/tftp/options.ts';
import { encodeTftp, tftpErrors } from '../../protocol/tftp/packet.ts';
import {
  advanceTransfer,
  bytesArrived,
  hasProgressed,
  nextTick,
  startTransfer,
  type Transfer,
  type TransferEvent,
  type TransferStep,
} from '../../protocol/tftp/transfer.ts';
import type { TftpAttention } from './attention.ts';
import { TftpChannel } from './channel.ts';
import type { TftpChunks } from './chunks.ts';
import type { TftpClock } from './clock.ts';
import { TftpContent } from './content.ts';

export type TransferResult = {
  /** Bytes of the file that the client acknowledged. */
  readonly bytes: number;
  /** Blocks that were sent again. */
  readonly retransmissions: number;
  readonly outcome: 'complete' | 'aborted' | 'timed-out' | 'refused';
  readonly message?: string;
};

type End = Pick<TransferResult, 'outcome' | 'message'>;
type Blocks = { readonly from: number; readonly to: number };

/** What all transfers of a server have in common. */
export type TransferServices = {
  readonly attention: TftpAttention;
  readonly clock: TftpClock;
  readonly chunks: TftpChunks;
};

/** A packet that a network has held back for longer is rare. */
const COPY_MS = 1000;

export class TftpTransfer {
  readonly #client: TftpClient;
  readonly #services: TransferServices;
  readonly #ended = Promise.withResolvers<End>();
  #channel: TftpChannel | undefined;
  #content: TftpContent | undefined;
  #transfer: Transfer | undefined;
  /** Set while blocks are being read that are to be sent; a later wish replaces it. */
  #loading: Blocks | undefined;
  #over = false;
  readonly #tick = (heardUntil: number) => this.#look(heardUntil);

  constructor(client: TftpClient, services: TransferServices) {
    this.#client = client;
    this.#services = services;
  }

  /**
   * Whether a copy of the request that comes now can be the network's: the client has acknowledged nothing yet, or has
   * only just done so. Who begins anew, after a reset say, first is silent for longer.
   */
  get takesCopies(): boolean {
    const transfer = this.#transfer;
    if (transfer === undefined || !hasProgressed(transfer)) return true;
    return performance.now() - transfer.progressAt < COPY_MS;
  }

  /** Answers `request` from a port of `address`. When the result is there, everything is freed. */
  async run(
    address: string,
    request: TftpReadRequest,
    answer: () => Promise<TftpAnswer>,
  ): Promise<TransferResult> {
    try {
      await this.#open(address, request, answer);
      return this.#result(await this.#ended.promise);
    } catch (error) {
      this.#channel?.sendError(tftpErrors.notDefined, 'the server failed');
      return this.#result({ outcome: 'refused', message: describe(error) });
    } finally {
      this.#over = true;
      this.#services.clock.ignore(this.#tick);
      await this.#content?.close();
      this.#channel?.close();
    }
  }

  /** Ends the transfer without a word: its client has already turned to another one. */
  abandon(message: string): void {
    this.#end({ outcome: 'aborted', message });
  }

  /** Ends the transfer and tells the client, which need not wait for more. */
  abort(message: string, told = message): void {
    if (!this.#over) this.#channel?.sendError(tftpErrors.notDefined, told);
    this.abandon(message);
  }

  async #open(
    address: string,
    request: TftpReadRequest,
    answer: () => Promise<TftpAnswer>,
  ): Promise<void> {
    if (this.#over) return;
    this.#channel = await TftpChannel.open(address, this.#client, (event) => this.#react(event));
    const answered = await answer();
    if (this.#over) return;
    if (answered.kind === 'refuse') {
      this.#channel.sendError(answered.code, answered.message);
      this.#end({ outcome: 'refused', message: answered.message });
      return;
    }
    this.#content = await TftpContent.open(answered, this.#services.chunks);
    const patience =
      answered.kind === 'file' && answered.isPatient ? { isPatient: true as const } : {};
    const terms = { ...negotiate(request.options, this.#content.size), ...patience };
    this.#content.settle(terms);
    this.#follow(startTransfer(terms, this.#content.size, performance.now()));
    this.#services.clock.watch(this.#tick);
  }

  #react(event: TransferEvent): void {
    if (this.#transfer && !this.#over) this.#follow(advanceTransfer(this.#transfer, event));
  }

  #look(heardUntil: number): void {
    if (!this.#transfer || heardUntil < nextTick(this.#transfer)) return;
    this.#react({ kind: 'tick', now: performance.now() });
  }

  #follow({ transfer, send, outcome }: TransferStep): void {
    this.#transfer = transfer;
    if (send) this.#services.attention.expect(transfer.sentAt);
    if (outcome) {
      const message = outcome.kind === 'aborted' ? { message: outcome.message } : {};
      this.#end({ outcome: outcome.kind, ...message });
    }
    if (send?.from === 0) this.#sendGranted(transfer);
    if (send && send.from > 0) this.#send(send);
  }

  #sendGranted(transfer: Transfer): void {
    this.#channel?.send(encodeTftp({ kind: 'options', options: transfer.terms.granted }));
  }

  #send(blocks: Blocks): void {
    if (this.#loading) {
      this.#loading = blocks;
      return;
    }
    for (let block = blocks.from; block <= blocks.to; block++) {
      const packet = this.#content?.packet(block);
      if (!packet) {
        this.#loadThenSend({ from: block, to: blocks.to });
        return;
      }
      this.#channel?.send(packet);
    }
    this.#content?.readAhead(blocks.to);
  }

  #loadThenSend(blocks: Blocks): void {
    this.#loading = blocks;
    this.#content?.load(blocks.from, blocks.to).then(
      () => {
        const wanted = this.#loading;
        this.#loading = undefined;
        if (wanted && !this.#over) this.#send(wanted);
      },
      (error: unknown) => this.abort(describe(error), 'the server failed'),
    );
  }

  #end(end: End): void {
    this.#over = true;
    this.#ended.resolve(end);
  }

  #result(end: End): TransferResult {
    const transfer = this.#transfer;
    const bytes = transfer ? bytesArrived(transfer, this.#content?.size ?? 0) : 0;
    return { bytes, retransmissions: transfer?.retransmissions ?? 0, ...end };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
