/** One read request from its first answer to its end: socket, clock and file around `protocol/tftp/transfer.ts`. */

import { messageOf } from '../../errors.ts';
import { steadyMs } from '../../host/clock/clock.ts';
import type { TftpAnswer, TftpClient, TftpReadRequest } from '../../protocol/tftp/exchange.ts';
import {
  defaultLimits,
  negotiate,
  smallLimits,
  type TransferTerms,
} from '../../protocol/tftp/options.ts';
import { encodeTftp, tftpErrors } from '../../protocol/tftp/packet.ts';
import {
  advanceTransfer,
  blockBehind,
  bytesArrived,
  hasProgressed,
  nextTick,
  startTransfer,
  type Transfer,
  type TransferEvent,
  type TransferStep,
} from '../../protocol/tftp/transfer.ts';
import type { SharedChunks } from '../files/shared-chunks.ts';
import type { TftpAttention } from './attention.ts';
import { BlockSender } from './block-sender.ts';
import type { TftpChannel } from './channel.ts';
import type { TftpClock } from './clock.ts';
import { TftpContent } from './content.ts';
import type { FramedChunk } from './framed-chunk.ts';
import type { TftpPorts } from './ports.ts';
import { silenceMs, unansweredMs } from './silence.ts';

/** How a transfer ended. */
export type TransferResult = {
  /** Bytes of the file that the client acknowledged. */
  readonly bytes: number;
  /** Blocks that were sent again. */
  readonly retransmissions: number;
  /** `failed`: the server could not read what it was to send, or had no room for it; `message` says why. */
  readonly outcome: 'complete' | 'aborted' | 'timed-out' | 'refused' | 'failed';
  readonly message?: string;
};

type End = Pick<TransferResult, 'outcome' | 'message'>;

/** What all transfers of a server have in common. */
export type TransferServices = {
  readonly attention: TftpAttention;
  readonly clock: TftpClock;
  readonly chunks: SharedChunks<FramedChunk>;
  readonly ports: TftpPorts;
  /** Sends an error from the listening port, for a transfer that has none of its own. */
  readonly tell: (client: TftpClient, text: string) => void;
};

type Run = {
  /** of the server, dotted IPv4 */
  readonly address: string;
  readonly answer: () => Promise<TftpAnswer>;
  /** The client has been silent for a while; called once at most. */
  readonly onSilence: () => void;
};

/** What the client is told of an error of ours; the log has the reason. */
const FAILED = 'the server failed';

/** A packet that a network has held back for longer is rare. */
const COPY_MS = 1000;

/** Reads a file out to one client. */
export class TftpTransfer {
  readonly #client: TftpClient;
  readonly #services: TransferServices;
  readonly #ended = Promise.withResolvers<End>();
  #channel: TftpChannel | undefined;
  #content: TftpContent | undefined;
  #transfer: Transfer | undefined;
  #sender: BlockSender | undefined;
  #onSilence: (() => void) | undefined;
  /** As it is on the wire: when this block is acknowledged, the one behind it is at hand. -1: none. */
  #awaited = -1;
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
    return steadyMs() - transfer.progressAt < COPY_MS;
  }

  /** When the client acknowledged something new last, in milliseconds of `steadyMs`; 0: it never did. */
  get heardAt(): number {
    const transfer = this.#transfer;
    return transfer !== undefined && hasProgressed(transfer) ? transfer.progressAt : 0;
  }

  /** The request came once more. */
  repeat(): void {
    this.#react({ kind: 'request', now: steadyMs() });
  }

  /** Answers `request` from a port of its own. When the result is there, everything is freed. */
  async run(request: TftpReadRequest, run: Run): Promise<TransferResult> {
    this.#onSilence = run.onSilence;
    try {
      await this.#open(request, run);
    } catch (reason) {
      this.#fail(reason);
    }
    try {
      return this.#result(await this.#ended.promise);
    } finally {
      this.#services.clock.ignore(this.#tick);
      // What fails here has been read already.
      await this.#content?.close().catch(() => undefined);
      this.#channel?.close();
    }
  }

  /** Ends the transfer without a word: its client has already turned to another one. */
  abandon(message: string): void {
    this.#end({ outcome: 'aborted', message });
  }

  /** Ends the transfer and tells the client, which need not wait for more. */
  abort(message: string): void {
    if (!this.#over) this.#tell(message);
    this.abandon(message);
  }

  #fail(reason: unknown): void {
    if (!this.#over) this.#tell(FAILED);
    this.#end({ outcome: 'failed', message: messageOf(reason) });
  }

  #tell(text: string): void {
    if (this.#channel) this.#channel.sendError(tftpErrors.notDefined, text);
    else this.#services.tell(this.#client, text);
  }

  async #open(request: TftpReadRequest, { address, answer }: Run): Promise<void> {
    if (this.#over) return;
    const { ports } = this.#services;
    this.#channel = await ports.open(address, this.#client, (event) => this.#react(event));
    const answered = await answer();
    if (this.#over) return;
    if (answered.kind === 'refuse') {
      this.#channel.sendError(answered.code, answered.message);
      this.#end({ outcome: 'refused', message: answered.message });
      return;
    }
    this.#content = await TftpContent.open(answered, this.#services.chunks);
    // Its client may have asked anew meanwhile, and would take what comes first.
    if (this.#over) return;
    const terms = termsOf(request, answered, this.#content.size);
    this.#content.settle(terms);
    this.#sender = new BlockSender({
      content: this.#content,
      channel: this.#channel,
      attention: this.#services.attention,
      onError: (reason) => this.#fail(reason),
    });
    this.#follow(startTransfer(terms, this.#content.size, steadyMs()));
    this.#services.clock.watch(this.#tick);
  }

  #react(event: TransferEvent): void {
    if (this.#transfer === undefined || this.#over) return;
    try {
      // The client waits for it: what else follows is thought about while it travels.
      if (event.kind === 'ack' && event.block === this.#awaited) this.#sender?.sendReady();
      this.#follow(advanceTransfer(this.#transfer, event));
      this.#prepare(this.#transfer);
    } catch (reason) {
      // What one client says, or a timer does for it, ends its own transfer alone.
      this.#fail(reason);
    }
  }

  #prepare(transfer: Transfer): void {
    const block = blockBehind(transfer);
    const isReady = block !== undefined && this.#sender?.prepare(block) === true;
    this.#awaited = isReady ? transfer.sent & 0xffff : -1;
  }

  #look(heardUntil: number): void {
    if (!this.#transfer) return;
    const patience = hasProgressed(this.#transfer) ? silenceMs : unansweredMs;
    if (heardUntil - this.#transfer.progressAt > patience) this.#giveWay();
    if (heardUntil < nextTick(this.#transfer)) return;
    this.#react({ kind: 'tick', now: steadyMs() });
  }

  #giveWay(): void {
    this.#onSilence?.();
    this.#onSilence = undefined;
  }

  #follow({ transfer, send, outcome }: TransferStep): void {
    this.#transfer = transfer;
    if (send) this.#services.attention.expect(transfer.sentAt);
    if (outcome) {
      const message = outcome.kind === 'aborted' ? { message: outcome.message } : {};
      this.#end({ outcome: outcome.kind, ...message });
    }
    if (send?.from === 0) this.#sendGranted(transfer);
    if (send && send.from > 0) this.#sender?.send(send);
  }

  #sendGranted(transfer: Transfer): void {
    this.#channel?.send([encodeTftp({ kind: 'options', options: transfer.terms.granted })]);
  }

  #end(end: End): void {
    this.#over = true;
    this.#sender?.close();
    this.#ended.resolve(end);
  }

  #result(end: End): TransferResult {
    const transfer = this.#transfer;
    const bytes = transfer ? bytesArrived(transfer, this.#content?.size ?? 0) : 0;
    return { bytes, retransmissions: transfer?.retransmissions ?? 0, ...end };
  }
}

/** Who takes a block that came twice for two is sent none before the time that it asks for. */
function termsOf(
  { options }: TftpReadRequest,
  answer: Exclude<TftpAnswer, { kind: 'refuse' }>,
  size: number,
): TransferTerms {
  const { isPatient, isSmall }: { isPatient?: true; isSmall?: true } =
    answer.kind === 'file' ? answer : {};
  const limits = isSmall ? smallLimits : defaultLimits;
  if (!isPatient) return negotiate(options, size, limits);
  return { ...negotiate(options, size, { ...limits, grantsTimeout: true }), isPatient };
}
