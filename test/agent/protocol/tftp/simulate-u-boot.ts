/**
 * A whole transfer to U-Boot 2023.01, in simulated time, over a line that loses packets. What it does otherwise than other
 * clients: it asks for a timeout; it answers the first block out of turn only, and none behind block 0; its own clock repeats
 * what it said last, and leaves the block that it answers next as it is.
 */
import { negotiate } from '../../../../agent/protocol/tftp/options.ts';
import {
  advanceTransfer,
  nextTick,
  startTransfer,
  type TransferStep,
} from '../../../../agent/protocol/tftp/transfer.ts';
import { randomNumbers } from '../../../../lab/random-numbers.ts';

export type UBootLink = {
  readonly seed: number;
  /** each way */
  readonly lossPercent: number;
  readonly windowSize: number;
  readonly size: number;
};

export type UBootLoading = {
  readonly outcome: string;
  /** How long it took. */
  readonly ms: number;
  /** Blocks that the server sent. */
  readonly sent: number;
  /** How often U-Boot's own clock was over: in all, and in a row. */
  readonly timeouts: number;
  readonly timeoutsInRow: number;
};

type Flight = { readonly at: number; readonly to: 'u-boot' | 'server'; readonly block: number };

const BLOCK_BYTES = 1468;
const OWN_CLOCK_MS = 1000;
const WAY_MS = 0.3;

export function simulateUBoot({ seed, lossPercent, windowSize, size }: UBootLink): UBootLoading {
  const random = randomNumbers(seed);
  const asked = {
    ...{ timeout: String(OWN_CLOCK_MS / 1000), tsize: '0', blksize: String(BLOCK_BYTES) },
    ...(windowSize > 1 ? { windowsize: String(windowSize) } : {}),
  };
  const lastBlock = Math.floor(size / BLOCK_BYTES) + 1;
  const flights: Flight[] = [];
  let now = 0;
  let step = startTransfer(negotiate(new Map(Object.entries(asked)), size), size, now);
  let sent = 0;
  let have = -1;
  let answersNext = 0;
  let toldOf = 0;
  let clockAt = OWN_CLOCK_MS;
  let timeouts = 0;
  let inRow = 0;
  let timeoutsInRow = 0;

  const carry = (to: Flight['to'], block: number) => {
    if (random() * 100 >= lossPercent) flights.push({ at: now + WAY_MS, to, block });
  };
  const follow = (next: TransferStep) => {
    step = next;
    if (!next.send) return;
    for (let block = next.send.from; block <= next.send.to; block++) {
      sent += 1;
      carry('u-boot', block);
    }
  };
  const say = () => carry('server', have & 0xffff);
  const uBootReceives = (block: number) => {
    if (block === have + 1) {
      have = block;
      inRow = 0;
      clockAt = now + OWN_CLOCK_MS;
      if (block !== answersNext && block !== lastBlock) return;
      answersNext += windowSize;
      say();
    } else if (toldOf !== Math.max(have, 0)) {
      toldOf = have;
      answersNext = have + windowSize;
      say();
    }
  };
  const uBootTimesOut = () => {
    timeouts += 1;
    inRow += 1;
    timeoutsInRow = Math.max(timeoutsInRow, inRow);
    clockAt = now + OWN_CLOCK_MS;
    if (have >= 0) say();
    else follow(advanceTransfer(step.transfer, { kind: 'request', now }));
  };

  follow(step);
  for (let event = 0; event < 1_000_000 && !step.outcome && have !== lastBlock; event++) {
    const flight = flights[0];
    now = Math.max(now, Math.min(flight?.at ?? Infinity, nextTick(step.transfer), clockAt));
    if (flight && flight.at <= now) {
      flights.shift();
      if (flight.to === 'u-boot') uBootReceives(flight.block);
      else follow(advanceTransfer(step.transfer, { kind: 'ack', block: flight.block, now }));
    } else if (clockAt <= now) uBootTimesOut();
    else follow(advanceTransfer(step.transfer, { kind: 'tick', now }));
  }
  const outcome = have === lastBlock ? 'complete' : (step.outcome?.kind ?? 'none');
  return { outcome, ms: now, sent, timeouts, timeoutsInRow };
}
