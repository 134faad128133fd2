/**
 * The server's side of one read transfer as a pure state machine: `(state, event) → step`. It names blocks and
 * never touches their bytes; time is passed in, in milliseconds of any steady clock.
 *
 * Blocks are counted from 1 without end; on the wire the number is its lower 16 bits. Block 0 is the answer to
 * the options (RFC 2347), which the client acknowledges like a block.
 */
import type { TransferTerms } from './options.ts';
import { measure, type RoundTrips, waitMs } from './retransmission.ts';

/** Where one transfer stands. Milliseconds throughout. */
export type Transfer = {
  readonly terms: TransferTerms;
  /** The short block that ends the file; empty where the size is a multiple of the block size. */
  readonly lastBlock: number;
  /** Every block up to this one has arrived; -1 while the options are not acknowledged. */
  readonly acknowledged: number;
  /** The highest block that was sent. */
  readonly sent: number;
  readonly sentAt: number;
  /** The first block that was sent once only; an earlier one says nothing about the round trip (Karn). */
  readonly onceFrom: number;
  /** Time-outs since a round trip was measured. */
  readonly attempt: number;
  /** How often the current window was sent again since anything new was acknowledged. */
  readonly copies: number;
  /** Acknowledgements that may still come for copies of blocks which the client had already. */
  readonly echoes: number;
  /** The client repeated its last acknowledgement: the first block of the window may be lost. */
  readonly isInDoubt: boolean;
  readonly progressAt: number;
  readonly roundTrips?: RoundTrips | undefined;
  /** Blocks sent again, of the whole transfer. */
  readonly retransmissions: number;
};

/** A state that nobody else has yet. */
type Draft = { -readonly [Field in keyof Transfer]: Transfer[Field] };

/** What happens to a transfer: `block` is the number on the wire, `now` milliseconds of the steady clock. */
export type TransferEvent =
  | { readonly kind: 'ack'; readonly block: number; readonly now: number }
  /** The client sent its request once more. */
  | { readonly kind: 'request'; readonly now: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'tick'; readonly now: number };

/** How a transfer ended; `message` is what the client said. */
export type TransferOutcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'aborted'; readonly message: string }
  | { readonly kind: 'timed-out' };

/** What follows from an event. */
export type TransferStep = {
  readonly transfer: Transfer;
  /** Blocks to send now, both ends included. */
  readonly send?: { readonly from: number; readonly to: number };
  readonly outcome?: TransferOutcome;
};

/** Milliseconds. A client that shows no progress for so long is gone; boot ROMs give up well before. */
export const patienceMs = 25_000;

/** Milliseconds. A request, or an acknowledgement, that comes again so late is no copy that the network made. */
const repeatedMs = 1000;

/** Doublings of the wait that outlast an acknowledgement. */
const mostKeptAttempts = 2;

/**
 * The first step of the transfer of a file.
 * @param size of the file, in bytes
 * @param now milliseconds of a steady clock
 */
export function startTransfer(terms: TransferTerms, size: number, now: number): TransferStep {
  const withOptions = terms.granted.size > 0;
  const idle: Transfer = {
    terms,
    lastBlock: Math.floor(size / terms.blockSize) + 1,
    acknowledged: withOptions ? -1 : 0,
    sent: withOptions ? -1 : 0,
    sentAt: now,
    onceFrom: 0,
    attempt: 0,
    copies: 0,
    echoes: 0,
    isInDoubt: false,
    progressAt: now,
    // Named from the beginning: V8 compiles for objects of one shape, and would do it anew in the middle of the first transfers.
    roundTrips: undefined,
    retransmissions: 0,
  };
  return sendWindow(idle, now);
}

/** What follows when `event` happens to `transfer`, which stays as it is. */
export function advanceTransfer(transfer: Transfer, event: TransferEvent): TransferStep {
  switch (event.kind) {
    case 'error':
      return { transfer, outcome: { kind: 'aborted', message: describeError(event) } };
    case 'tick':
      return onTick(transfer, event.now);
    case 'request':
      return onRequest(transfer, event.now);
    case 'ack':
      return onAck(transfer, event.block, event.now);
  }
}

/**
 * The block that follows as soon as the client has all that was sent; undefined where that is none, or a window of several.
 * Whoever sends it at once, when that acknowledgement comes, sends what `advanceTransfer` asks for then.
 */
export function blockBehind({
  terms,
  acknowledged,
  sent,
  lastBlock,
}: Transfer): number | undefined {
  const isOne = terms.windowSize === 1 && sent > acknowledged && sent < lastBlock;
  return isOne ? sent + 1 : undefined;
}

/** Whether the client acknowledged anything yet. */
export function hasProgressed({ acknowledged, terms }: Transfer): boolean {
  return acknowledged > (terms.granted.size > 0 ? -1 : 0);
}

/** Bytes of the file that have arrived for sure. */
export function bytesArrived({ acknowledged, terms }: Transfer, size: number): number {
  return Math.min(Math.max(acknowledged, 0) * terms.blockSize, size);
}

/** When the next tick is due, in milliseconds of the clock of the events. */
export function nextTick(transfer: Transfer): number {
  const { roundTrips, attempt, isInDoubt, terms } = transfer;
  const dueAt = transfer.sentAt + waitMs(roundTrips, { attempt, isInDoubt, ...terms });
  return Math.min(dueAt, givenUpAt(transfer));
}

/** Who asked for a long time-out is not given up before it is over, unless nothing was ever heard of him. */
function givenUpAt(transfer: Transfer): number {
  const { terms, progressAt } = transfer;
  const asked = hasProgressed(transfer) ? 2 * (terms.askedTimeoutMs ?? 0) : 0;
  return progressAt + Math.max(patienceMs, asked);
}

function onTick(transfer: Transfer, now: number): TransferStep {
  if (now < nextTick(transfer)) return { transfer };
  if (now >= givenUpAt(transfer)) return { transfer, outcome: { kind: 'timed-out' } };
  const { attempt, copies, isInDoubt } = transfer;
  const waited = isInDoubt ? attempt : attempt + 1;
  return sendWindow({ ...transfer, attempt: waited, copies: copies + 1 }, now);
}

/**
 * Who asks again has not got the first answer: it need not wait for the time-out that it asked for. One that takes a
 * block that came twice for two gets none early.
 */
function onRequest(transfer: Transfer, now: number): TransferStep {
  const isDue = now - transfer.sentAt >= repeatedMs && !transfer.terms.isPatient;
  if (hasProgressed(transfer) || !isDue) return { transfer };
  return sendWindow({ ...transfer, copies: transfer.copies + 1 }, now);
}

function onAck(transfer: Transfer, wireBlock: number, now: number): TransferStep {
  const ahead = (wireBlock - transfer.acknowledged) & 0xffff;
  if (ahead === 0) return onDuplicate(transfer, now);
  const block = transfer.acknowledged + ahead;
  // Of an earlier window, or of a block that was never sent: Raspberry Pi 4 ROMs send such.
  if (block > transfer.sent) return { transfer };
  const { copies, echoes } = transfer;
  const isMeasured = block >= transfer.onceFrom;
  const isEcho = copies === 0 && echoes > 0 && block < transfer.sent;
  const progressed: Draft = { ...transfer };
  progressed.acknowledged = block;
  // A wait that was too short stays doubled until a round trip is measured again, else it is too short for good; but
  // not for ever longer, else a bad link uses up the patience with a few tries.
  progressed.attempt = isMeasured ? 0 : Math.min(transfer.attempt, mostKeptAttempts);
  progressed.copies = 0;
  progressed.echoes = isEcho ? echoes - 1 : copies;
  progressed.progressAt = now;
  // One inside the window may have waited for the client's own clock, which is seconds slower than the way.
  if (isMeasured && block === transfer.sent)
    progressed.roundTrips = measure(transfer.roundTrips, now - transfer.sentAt);
  if (block === transfer.lastBlock) {
    return { transfer: progressed, outcome: { kind: 'complete' } };
  }
  // RFC 7440 §4: an acknowledgement inside the window tells of a gap; all behind it is sent again. An echo inside the
  // window tells of none: sent again, each window would lie across the next one and make an echo of its own.
  return sendFrom(isEcho ? transfer.sent + 1 : block + 1, progressed, now);
}

/**
 * An acknowledgement that says nothing new. To answer it would double every packet from then on, where the network
 * doubles acknowledgements (RFC 1123 §4.2.3.1). With a window it may also say that the window's first block was lost:
 * then the acknowledgement of the window stays away, and the wait for that is shorter, once. An echo of the window
 * before says nothing (each copy of that window is allowed one), nor does what comes before the window can have arrived.
 * What comes a second behind the last packet is no copy of the network's: the client's own time is over, and it lacks that packet.
 */
function onDuplicate(transfer: Transfer, now: number): TransferStep {
  const { terms, roundTrips, copies, echoes, sentAt } = transfer;
  if (terms.windowSize > 1 && now - sentAt >= repeatedMs) {
    return sendWindow({ ...transfer, copies: copies + 1 }, now);
  }
  if (echoes > 0) return { transfer: { ...transfer, echoes: echoes - 1 } };
  const saysGap =
    terms.windowSize > 1 &&
    roundTrips !== undefined &&
    copies === 0 &&
    now - sentAt >= roundTrips.shortest / 2;
  return { transfer: saysGap ? { ...transfer, isInDoubt: true } : transfer };
}

/** Sends the window behind what is acknowledged. */
function sendWindow(transfer: Transfer, now: number): TransferStep {
  return sendFrom(transfer.acknowledged + 1, { ...transfer }, now);
}

/** The same from one of its blocks on. @param next becomes the state behind it: there is one for each block of each file */
function sendFrom(from: number, next: Draft, now: number): TransferStep {
  const { acknowledged, terms, lastBlock, sent } = next;
  // The answer to the options goes alone: the client may refuse them.
  const wanted = acknowledged < 0 ? 0 : acknowledged + terms.windowSize;
  const to = Math.min(wanted, lastBlock);
  next.sent = Math.max(sent, to);
  next.sentAt = now;
  next.isInDoubt = false;
  next.onceFrom = sent + 1;
  next.retransmissions += Math.max(0, Math.min(to, sent) - from + 1);
  return from > to ? { transfer: next } : { transfer: next, send: { from, to } };
}

function describeError({ code, message }: { code: number; message: string }): string {
  return `client sent error ${code}${message ? `: ${message}` : ''}`;
}
