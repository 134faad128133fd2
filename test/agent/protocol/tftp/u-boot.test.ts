// U-Boot loads a kernel over a line that loses packets: each block that is not there in a second counts as a failure to it, ten in
// all for a file, where it is not ours.
import test from 'ava';
import { simulateUBoot } from './simulate-u-boot.ts';

const KERNEL_BYTES = 11_000_000;
/** With the answer to the options. */
const PACKETS = Math.floor(KERNEL_BYTES / 1468) + 2;
const MOST_TIMEOUTS = 10;
const seeds = Array.from({ length: 8 }, (_, index) => index + 1);

for (const windowSize of [1, 4]) {
  test(`a line that loses nothing carries each block once, with windows of ${windowSize}`, (t) => {
    const loaded = simulateUBoot({ seed: 1, lossPercent: 0, windowSize, size: KERNEL_BYTES });
    t.like(loaded, { outcome: 'complete', sent: PACKETS, timeouts: 0 });
  });
}

for (const [windowSize, lossPercent, mostSeconds, mostSent] of [
  [1, 0.1, 10, 1.01],
  [1, 2, 35, 1.06],
  [4, 0.1, 5, 1.02],
  [4, 2, 15, 1.13],
] as const) {
  test(`a kernel comes where ${lossPercent} % are lost each way, with windows of ${windowSize}, and is not given up`, (t) => {
    for (const seed of seeds) {
      const loaded = simulateUBoot({ seed, lossPercent, windowSize, size: KERNEL_BYTES });
      const said = `seed ${seed}: ${JSON.stringify(loaded)}`;
      t.is(loaded.outcome, 'complete', said);
      t.true(loaded.timeouts <= MOST_TIMEOUTS, said);
      t.true(loaded.ms <= mostSeconds * 1000, said);
      t.true(loaded.sent <= PACKETS * mostSent, said);
    }
  });

  test(`our own U-Boot does not give it up where five times as many are lost (${5 * lossPercent} %), with windows of ${windowSize}`, (t) => {
    for (const seed of seeds) {
      const link = { seed, lossPercent: 5 * lossPercent, windowSize, size: KERNEL_BYTES };
      const loaded = simulateUBoot(link);
      const said = `seed ${seed}: ${JSON.stringify(loaded)}`;
      t.is(loaded.outcome, 'complete', said);
      t.true(loaded.timeoutsInRow <= MOST_TIMEOUTS, said);
    }
  });
}
