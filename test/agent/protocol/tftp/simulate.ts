/** A whole transfer in simulated time: the server's state machine, a plain client, and a bad link between them. */
import { negotiate } from '../../../../agent/protocol/tftp/options.ts';
import {
  advanceTransfer,
  nextTick,
  startTransfer,
  type TransferStep,
} from '../../../../agent/protocol/tftp/transfer.ts';
import { randomNumbers } from '../../../../lab/random-numbers.ts';

export type Link = {
  readonly seed: number;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  /** Packets take 1 ms and up to this much longer, so that they overtake each other. */
  readonly jitterMs: number;
  readonly size: number;
  readonly windowSize: number;
  /** The client acknowledges what it has once more for the first block out of turn, also for one that it has: as atftp. */
  readonly isEchoing?: boolean;
  /** Its clock, of five seconds, begins anew with each block that comes, also one that it has: as atftp's. */
  readonly isRestarted?: boolean;
  /** Every acknowledgement arrives a second time, so many milliseconds later. */
  readonly ackCopyMs?: number;
  /** Acknowledgements alone take up to this much longer. */
  readonly ackJitterMs?: number;
  /** The client is busy once, for longer than the server waits, when it gets this block. */
  readonly pausesAt?: number;
};

export type Simulated = {
  readonly outcome: string;
  readonly received: number;
  /** Blocks the server sent. */
  readonly sent: number;
};

type Flight = { readonly at: number; readonly to: 'client' | 'server'; readonly block: number };

const blockSize = 512;
/** What the client waits before it repeats its last acknowledgement. */
const clientWaitMs = 3000;
const restartedWaitMs = 5000;
const pauseMs = 200;
/** What it takes for each packet that has gathered meanwhile. */
const lateMs = 1;

export function simulateTransfer(link: Link): Simulated {
  const random = randomNumbers(link.seed);
  const asked = { windowsize: String(link.windowSize), tsize: '0' };
  const terms = negotiate(new Map(Object.entries(asked)), link.size);
  const lastBlock = Math.floor(link.size / blockSize) + 1;
  const flights: Flight[] = [];
  let now = 0;
  let sent = 0;
  let step: TransferStep = startTransfer(terms, link.size, now);
  // The client: the last block in sequence, how many came since its last acknowledgement, and its clock.
  let have = terms.granted.size > 0 ? -1 : 0;
  let unacknowledged = 0;
  let gapTold = false;
  let clientAt = clientWaitMs;
  let busyUntil = 0;

  const afterPause = (at: number) => {
    if (at >= busyUntil) return at;
    busyUntil += lateMs;
    return busyUntil;
  };
  const carry = (to: Flight['to'], block: number) => {
    const copies = random() * 100 < link.duplicatePercent ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (random() * 100 < link.lossPercent) continue;
      const late = to === 'client' ? 0 : (link.ackJitterMs ?? 0);
      const at = now + 1 + random() * (link.jitterMs + late);
      flights.push({ at: to === 'client' ? afterPause(at) : at, to, block });
      if (to === 'client' || link.ackCopyMs === undefined) continue;
      flights.push({ at: at + link.ackCopyMs, to, block });
    }
  };
  const follow = (next: TransferStep) => {
    step = next;
    if (!step.send) return;
    for (let block = step.send.from; block <= step.send.to; block++) {
      sent += 1;
      carry('client', block);
    }
  };
  const acknowledge = () => {
    unacknowledged = 0;
    clientAt = now + clientWaitMs;
    if (have >= 0) carry('server', have & 0xffff);
  };
  const pause = () => {
    busyUntil = now + pauseMs;
    for (const [index, flight] of flights.entries()) {
      if (flight.to === 'client') flights[index] = { ...flight, at: afterPause(flight.at) };
    }
  };
  const clientReceives = (block: number) => {
    if (link.isRestarted) clientAt = now + restartedWaitMs;
    if (block === link.pausesAt && busyUntil === 0) pause();
    if (block === have + 1) {
      have = block;
      unacknowledged += 1;
      gapTold = false;
      if (block === 0 || block === lastBlock || unacknowledged >= link.windowSize) acknowledge();
    } else if ((block > have + 1 || link.isEchoing === true) && !gapTold) {
      gapTold = true;
      acknowledge();
    } else if (block <= have && block === lastBlock) {
      acknowledge();
    }
  };

  follow(step);
  for (let event = 0; event < 1_000_000 && !step.outcome; event++) {
    flights.sort((left, right) => left.at - right.at);
    const flight = flights[0];
    const due = Math.min(flight?.at ?? Infinity, nextTick(step.transfer), clientAt);
    now = Math.max(now, due);
    if (flight && flight.at === due) {
      flights.shift();
      if (flight.to === 'client') clientReceives(flight.block);
      else follow(advanceTransfer(step.transfer, { kind: 'ack', block: flight.block, now }));
    } else if (clientAt === due) {
      acknowledge();
    } else {
      follow(advanceTransfer(step.transfer, { kind: 'tick', now }));
    }
  }
  return {
    outcome: step.outcome?.kind ?? 'none',
    received: have === lastBlock ? link.size : Math.max(have, 0) * blockSize,
    sent,
  };
}
