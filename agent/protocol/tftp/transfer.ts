/**
 * The server's side of one read transfer as a pure state machine: `(state, event) → step`. It names blocks and
 * never touches their bytes; time is passed in, in milliseconds of any steady clock.
 *
 * Blocks are counted from 1 without end; on the wire the number is its lower 16 bits. Block 0 is the answer to
 * the options (RFC 2347), which the client acknowledges like a block.
 */
import type { TransferTerms } from './options.ts';
import { measure, type RoundTrips, waitMs } from './retransmission.ts';

export type Transfer = {
  readonly terms: TransferTerms;
  /** The short block that ends the file; empty where the size is a multiple of the block size. */
  readonly lastBlock: number;
  /** Every block up to this one has arrived; -1 while the options are not acknowledged. */
  readonly acknowledged: number;
  /** The highest block that was sent. */
  readonly sent: number;
  readonly sentAt: number;
  /** How often the current window was sent again since anything new was acknowledged. */
  readonly attempt: number;
  readonly resentOnDuplicate: boolean;
  readonly progressAt: number;
  readonly roundTrips?: RoundTrips | undefined;
  /** Blocks sent again, of the whole transfer. */
  readonly retransmissions: number;
};

export type TransferEvent =
  | { readonly kind: 'ack'; readonly block: number; readonly now: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'tick'; readonly now: number };

export type TransferOutcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'aborted'; readonly message: string }
  | { readonly kind: 'timed-out' };

export type TransferStep = {
  readonly transfer: Transfer;
  /** Blocks to send now, both ends included. */
  readonly send?: { readonly from: number; readonly to: number };
  readonly outcome?: TransferOutcome;
};

/** A client that shows no progress for so long is gone; boot ROMs give up well before. */
export const patienceMs = 25_000;

export function startTransfer(terms: TransferTerms, size: number, now: number): TransferStep {
  const withOptions = terms.granted.size > 0;
  const idle: Transfer = {
    terms,
    lastBlock: Math.floor(size / terms.blockSize) + 1,
    acknowledged: withOptions ? -1 : 0,
    sent: withOptions ? -1 : 0,
    sentAt: now,
    attempt: 0,
    resentOnDuplicate: false,
    progressAt: now,
    retransmissions: 0,
  };
  return sendWindow(idle, now);
}

export function advanceTransfer(transfer: Transfer, event: TransferEvent): TransferStep {
  switch (event.kind) {
    case 'error':
      return { transfer, outcome: { kind: 'aborted', message: describeError(event) } };
    case 'tick':
      return onTick(transfer, event.now);
    case 'ack':
      return onAck(transfer, event.block, event.now);
  }
}

/** Whether the client acknowledged anything yet. */
export function hasProgressed({ acknowledged, terms }: Transfer): boolean {
  return acknowledged > (terms.granted.size > 0 ? -1 : 0);
}

/** Bytes of the file that have arrived for sure. */
export function bytesArrived({ acknowledged, terms }: Transfer, size: number): number {
  return Math.min(Math.max(acknowledged, 0) * terms.blockSize, size);
}

/** When the next tick is due. */
export function nextTick(transfer: Transfer): number {
  const { roundTrips, attempt, terms } = transfer;
  return transfer.sentAt + waitMs(roundTrips, { attempt, ...terms });
}

function onTick(transfer: Transfer, now: number): TransferStep {
  if (now < nextTick(transfer)) return { transfer };
  if (now - transfer.progressAt >= patienceMs) return { transfer, outcome: { kind: 'timed-out' } };
  return sendWindow({ ...transfer, attempt: transfer.attempt + 1 }, now);
}

function onAck(transfer: Transfer, wireBlock: number, now: number): TransferStep {
  const ahead = (wireBlock - transfer.acknowledged) & 0xffff;
  if (ahead === 0) return onDuplicate(transfer, now);
  const block = transfer.acknowledged + ahead;
  // Of an earlier window, or of a block that was never sent: Raspberry Pi 4 ROMs send such.
  if (block > transfer.sent) return { transfer };
  const progressed = {
    ...transfer,
    acknowledged: block,
    attempt: 0,
    resentOnDuplicate: false,
    progressAt: now,
    // Karn: a block that was sent twice says nothing about the round trip.
    roundTrips:
      transfer.attempt === 0 && !transfer.resentOnDuplicate
        ? measure(transfer.roundTrips, now - transfer.sentAt)
        : transfer.roundTrips,
  };
  if (block === transfer.lastBlock) {
    return { transfer: progressed, outcome: { kind: 'complete' } };
  }
  // RFC 7440 §4: an acknowledgement inside the window tells of a gap; all behind it is sent again.
  return sendWindow(progressed, now);
}

/**
 * An acknowledgement that says nothing new. To answer it would double every packet from then on (RFC 1123
 * §4.2.3.1). With a window it may also say that the window's first block was lost, but never before the window
 * had time to arrive; so it is answered once, and not while it can still be an echo of the window before.
 */
function onDuplicate(transfer: Transfer, now: number): TransferStep {
  const { terms, roundTrips, resentOnDuplicate, sentAt } = transfer;
  const saysGap =
    terms.windowSize > 1 &&
    roundTrips !== undefined &&
    !resentOnDuplicate &&
    now - sentAt >= roundTrips.shortest / 2;
  if (!saysGap) return { transfer };
  return sendWindow({ ...transfer, resentOnDuplicate: true }, now);
}

function sendWindow(transfer: Transfer, now: number): TransferStep {
  const from = transfer.acknowledged + 1;
  // The answer to the options goes alone: the client may refuse them.
  const wanted = from === 0 ? 0 : transfer.acknowledged + transfer.terms.windowSize;
  const to = Math.min(wanted, transfer.lastBlock);
  const again = Math.max(0, Math.min(to, transfer.sent) - from + 1);
  return {
    transfer: {
      ...transfer,
      sent: Math.max(transfer.sent, to),
      sentAt: now,
      retransmissions: transfer.retransmissions + again,
    },
    send: { from, to },
  };
}

function describeError({ code, message }: { code: number; message: string }): string {
  return `client sent error ${code}${message ? `: ${message}` : ''}`;
}
