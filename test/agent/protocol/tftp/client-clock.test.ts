// Clients with windows have a clock of their own, of some seconds: what they say when that is over tells nothing of the way.
import test from 'ava';
import { negotiate } from '../../../../agent/protocol/tftp/options.ts';
import {
  advanceTransfer,
  nextTick,
  startTransfer,
  type TransferStep,
} from '../../../../agent/protocol/tftp/transfer.ts';
import { simulateTransfer } from './simulate.ts';

const SIZE = 100_000;

const ack = ({ transfer }: TransferStep, block: number, now: number): TransferStep =>
  advanceTransfer(transfer, { kind: 'ack', block, now });

/** Blocks 1 to the size of the window are on their way since 10 ms; the way takes 10 ms. */
function underWay(windowSize: number): TransferStep {
  const asked = new Map([['windowsize', String(windowSize)]]);
  return ack(startTransfer(negotiate(asked, SIZE), SIZE, 0), 0, 10);
}

test('who says the same again after more than a second gets the window at once', (t) => {
  const sent = underWay(4);
  t.is(ack(sent, 0, 1009).send, undefined);
  const again = ack(sent, 0, 1010);
  t.deepEqual(again.send, { from: 1, to: 4 });
  // A copy of that acknowledgement is none of the client's clock.
  t.is(ack(again, 0, 1020).send, undefined);
  t.deepEqual(ack(again, 0, 2010).send, { from: 1, to: 4 });
});

test('without windows nobody gets a block twice for what comes twice, however late', (t) => {
  const sent = underWay(1);
  t.is(ack(sent, 0, 5000).send, undefined);
});

test('an acknowledgement inside the window says nothing of how long the way is', (t) => {
  const inside = ack(underWay(4), 2, 3010);
  t.deepEqual(inside.send, { from: 3, to: 6 });
  t.true(nextTick(inside.transfer) - 3010 <= 1000);
  const whole = ack(inside, 6, 3020);
  t.deepEqual(whole.transfer.roundTrips?.shortest, 10);
});

/** Each ended with a client that said every three seconds what it lacked, and was given up. */
const links = [
  {
    seed: 1195829949,
    lossPercent: 15,
    duplicatePercent: 11,
    jitterMs: 18,
    windowSize: 4,
    size: 101_083,
    isEchoing: true,
  },
  {
    seed: 1869124969,
    lossPercent: 20,
    duplicatePercent: 5,
    jitterMs: 12,
    windowSize: 4,
    size: 125_159,
    isEchoing: false,
  },
  {
    seed: 359420444,
    lossPercent: 20,
    duplicatePercent: 7,
    jitterMs: 20,
    windowSize: 16,
    size: 183_738,
    isEchoing: true,
  },
] as const;

for (const link of links) {
  test(`a transfer with windows of ${link.windowSize} ends though ${link.lossPercent} % are lost (seed ${link.seed})`, (t) => {
    const { outcome, received } = simulateTransfer(link);
    t.deepEqual([outcome, received], ['complete', link.size]);
  });
}

/**
 * Each ended with a client that had said of a block twice that it has it, which was lost both times: sent the block again and again, it was silent
 * until the server gave up. atftp does so, with windows and without.
 */
const restarted = [
  { seed: 1, windowSize: 1, lossPercent: 5 },
  { seed: 2, windowSize: 1, lossPercent: 10 },
  { seed: 2, windowSize: 2, lossPercent: 5 },
  { seed: 27, windowSize: 4, lossPercent: 5 },
  { seed: 242, windowSize: 8, lossPercent: 5 },
  { seed: 560, windowSize: 16, lossPercent: 10 },
] as const;

for (const link of restarted) {
  const { windowSize, lossPercent, seed } = link;
  test(`a client whose clock begins anew with each block reads all with windows of ${windowSize} where ${lossPercent} % are lost (seed ${seed})`, (t) => {
    const size = 150_000;
    const way = { duplicatePercent: 5, jitterMs: 15, isEchoing: true, isRestarted: true };
    const { outcome, received } = simulateTransfer({ ...link, ...way, size });
    t.deepEqual([outcome, received], ['complete', size]);
  });
}
