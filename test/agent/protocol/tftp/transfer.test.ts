import test from 'ava';
import fc from 'fast-check';
import { defaultLimits, negotiate } from '../../../../agent/protocol/tftp/options.ts';
import {
  advanceTransfer,
  blockBehind,
  bytesArrived,
  hasProgressed,
  nextTick,
  patienceMs,
  startTransfer,
  type TransferStep,
} from '../../../../agent/protocol/tftp/transfer.ts';
import { simulateTransfer } from './simulate.ts';

const start = (size: number, options: Record<string, string> = {}): TransferStep =>
  startTransfer(negotiate(new Map(Object.entries(options)), size), size, 0);
/** Of a client that is granted the time-out that it asks for. */
const startGranting = (size: number, timeout: string): TransferStep =>
  startTransfer(
    negotiate(new Map([['timeout', timeout]]), size, { ...defaultLimits, grantsTimeout: true }),
    size,
    0,
  );
const ack = ({ transfer }: TransferStep, block: number, now: number): TransferStep =>
  advanceTransfer(transfer, { kind: 'ack', block, now });
const tick = ({ transfer }: TransferStep, now = nextTick(transfer)): TransferStep =>
  advanceTransfer(transfer, { kind: 'tick', now });

test('startTransfer() sends block 1 at once without options', (t) => {
  t.deepEqual(start(1000).send, { from: 1, to: 1 });
});

test('startTransfer() sends the answer to the options alone and waits for its acknowledgement', (t) => {
  const first = start(10_000, { windowsize: '4' });
  t.deepEqual(first.send, { from: 0, to: 0 });
  t.false(hasProgressed(first.transfer));
  const second = ack(first, 0, 5);
  t.deepEqual(second.send, { from: 1, to: 4 });
  t.true(hasProgressed(second.transfer));
});

for (const [size, blocks] of [
  [0, 1],
  [511, 1],
  [512, 2],
  [513, 2],
  [1024, 3],
] as const) {
  test(`advanceTransfer() ends a file of ${size} bytes with block ${blocks}`, (t) => {
    let step = start(size);
    for (let block = 1; block < blocks; block++) {
      step = ack(step, block, block);
      t.is(step.outcome, undefined);
      t.deepEqual(step.send, { from: block + 1, to: block + 1 });
    }
    step = ack(step, blocks, blocks);
    t.deepEqual(step.outcome, { kind: 'complete' });
    t.is(step.send, undefined);
    t.is(bytesArrived(step.transfer, size), size);
  });
}

test('advanceTransfer() does not answer a repeated acknowledgement (sorcerer’s apprentice)', (t) => {
  const step = ack(start(5000), 1, 1);
  for (const now of [1, 2, 100]) {
    const repeated = ack(step, 1, now);
    t.is(repeated.send, undefined);
    t.is(repeated.transfer, step.transfer);
  }
});

test('advanceTransfer() ignores acknowledgements of blocks it never sent', (t) => {
  const step = start(5000);
  for (const block of [2, 3, 0x7fff, 0xffff, 0]) t.is(ack(step, block, 1).send, undefined);
});

test('advanceTransfer() sends what lies behind an acknowledgement inside the window (RFC 7440 §4)', (t) => {
  const window = ack(start(50_000, { windowsize: '8' }), 0, 1);
  t.deepEqual(window.send, { from: 1, to: 8 });
  const gap = ack(window, 5, 2);
  t.deepEqual(gap.send, { from: 6, to: 13 });
  t.is(gap.transfer.retransmissions, 3);
});

const window4 = () => ack(ack(start(50_000, { windowsize: '4' }), 0, 10), 4, 20);

test('advanceTransfer() never answers a repeated acknowledgement at once, with windows neither', (t) => {
  const window = window4();
  for (const now of [21, 25, 30, 60]) {
    const repeated = ack(window, 4, now);
    t.is(repeated.send, undefined);
    t.is(repeated.transfer.retransmissions, 0);
  }
});

test('nextTick() is sooner once where the first block of a window seems lost', (t) => {
  const window = window4();
  t.is(ack(window, 4, 21).transfer, window.transfer, 'too early to be about this window');
  const told = ack(window, 4, 30);
  t.true(nextTick(told.transfer) < nextTick(window.transfer));
  const again = tick(told);
  t.deepEqual(again.send, { from: 5, to: 8 });
  t.is(
    ack(again, 4, again.transfer.sentAt + 40).transfer,
    again.transfer,
    'it is sent again already',
  );
});

test('nextTick() is as late as ever once the window of a repeated acknowledgement has arrived', (t) => {
  const repeated = ack(window4(), 4, 30);
  const wait = ({ transfer }: TransferStep) => nextTick(transfer) - transfer.sentAt;
  t.is(wait(ack(repeated, 8, 31)), wait(ack(window4(), 8, 31)));
});

test('advanceTransfer() takes the echo of a window that was sent again for no loss, in the window after it', (t) => {
  const options = ack(start(50_000, { windowsize: '4' }), 0, 10);
  const late = tick(options);
  t.deepEqual(late.send, { from: 1, to: 4 });
  const { sentAt } = late.transfer;
  const window = ack(late, 4, sentAt + 20);
  t.deepEqual(window.send, { from: 5, to: 8 });
  const echo = ack(window, 4, sentAt + 40);
  t.is(nextTick(echo.transfer), nextTick(window.transfer), 'the client had the copy of 1 to 4');
  const told = ack(echo, 4, sentAt + 60);
  t.true(nextTick(told.transfer) < nextTick(window.transfer), 'now it tells of a loss');
  const next = ack(echo, 8, sentAt + 60);
  t.deepEqual(next.send, { from: 9, to: 12 });
  const repeated = ack(next, 8, sentAt + 80);
  t.true(repeated.transfer.isInDoubt, 'no echo is due any more');
});

for (const windowSize of [4, 16]) {
  test(`a client that is late once costs one window of ${windowSize} blocks, though it answers each copy`, (t) => {
    const link = { seed: 1, lossPercent: 0, duplicatePercent: 0, jitterMs: 0, size: 300_000 };
    const clean = simulateTransfer({ ...link, windowSize, isEchoing: true });
    for (const pausesAt of [101, 102, 104]) {
      const paused = simulateTransfer({ ...link, windowSize, isEchoing: true, pausesAt });
      t.is(paused.outcome, 'complete');
      t.true(paused.sent <= clean.sent + 2 * windowSize, `${paused.sent} of ${clean.sent}`);
    }
  });

  test(`a lost packet is not paid for up to the end of the file, with windows of ${windowSize}`, (t) => {
    const link = { duplicatePercent: 0, jitterMs: 0, size: 1_000_000, windowSize, isEchoing: true };
    for (let seed = 1; seed <= 20; seed++) {
      const clean = simulateTransfer({ ...link, seed, lossPercent: 0 });
      const lossy = simulateTransfer({ ...link, seed, lossPercent: 0.2 });
      t.is(lossy.outcome, 'complete');
      t.true(lossy.sent <= clean.sent * 1.15, `seed ${seed}: ${lossy.sent} of ${clean.sent}`);
    }
  });
}

test('nextTick() stays late after a time-out until a round trip is measured', (t) => {
  let step = ack(start(50_000, { windowsize: '4' }), 0, 1);
  const wait = ({ transfer }: TransferStep) => nextTick(transfer) - transfer.sentAt;
  step = ack(step, 4, 2);
  const before = wait(step);
  step = tick(step);
  step = ack(step, 8, step.transfer.sentAt + 50);
  t.is(wait(step), 2 * before, 'which copy 8 answers is not known');
  step = ack(step, 12, step.transfer.sentAt + before + 50);
  t.true(wait(step) > before + 50, 'the round trip is known');
  t.is(step.transfer.retransmissions, 4);
});

test('advanceTransfer() counts blocks past 65535', (t) => {
  const size = 512 * 70_000;
  let step = start(size);
  for (let block = 1; block <= 70_000; block++) step = ack(step, block & 0xffff, block);
  t.deepEqual(step.send, { from: 70_001, to: 70_001 });
  t.deepEqual(ack(step, 70_001 & 0xffff, 70_001).outcome, { kind: 'complete' });
});

test('advanceTransfer() sends again after the time-out, later and later, and gives up in bounded time', (t) => {
  let step = start(5000);
  let before = 0;
  let longest = 0;
  for (let attempt = 0; attempt < 100 && !step.outcome; attempt++) {
    const now = nextTick(step.transfer);
    t.true(now > before);
    longest = Math.max(longest, now - before);
    before = now;
    step = tick(step);
    if (!step.outcome) t.deepEqual(step.send, { from: 1, to: 1 });
  }
  t.deepEqual(step.outcome, { kind: 'timed-out' });
  t.true(before >= patienceMs && before < patienceMs + longest);
  t.true(step.transfer.retransmissions >= 5);
});

test('advanceTransfer() ignores a tick that comes too early', (t) => {
  const step = start(5000);
  t.is(tick(step, nextTick(step.transfer) - 1).send, undefined);
});

test('nextTick() follows the round trips', (t) => {
  let quick = start(500_000);
  for (let block = 1; block < 50; block++) quick = ack(quick, block, block);
  t.true(nextTick(quick.transfer) - quick.transfer.sentAt < 500);
  let slow = start(500_000);
  for (let block = 1; block < 20; block++) slow = ack(slow, block, block * 900);
  const wait = nextTick(slow.transfer) - slow.transfer.sentAt;
  t.true(wait >= 900 && wait < 4000, `${wait} ms`);
});

for (const seconds of [1, 3, 10]) {
  test(`nextTick() is ${seconds} s after the packet where the client was granted timeout ${seconds}`, (t) => {
    const wait = ({ transfer }: TransferStep) => nextTick(transfer) - transfer.sentAt;
    const granted = startGranting(500_000, String(seconds));
    t.is(wait(granted), seconds * 1000, 'of the answer to the options');
    let step = ack(granted, 0, 2);
    for (let block = 1; block < 20; block++) step = ack(step, block, block + 2);
    t.is(wait(step), seconds * 1000, 'however quick the client is');
    step = tick(step);
    t.deepEqual(step.send, { from: 20, to: 20 });
    t.is(wait(step), seconds * 1000, 'and no longer after a loss');
  });
}

test('advanceTransfer() answers a request that comes again later than a copy would, until the client goes on', (t) => {
  const again = ({ transfer }: TransferStep, now: number) =>
    advanceTransfer(transfer, { kind: 'request', now });
  const granted = startGranting(5000, '10');
  t.is(again(granted, 500).send, undefined, 'a copy');
  const repeated = again(granted, 3000);
  t.deepEqual(repeated.send, { from: 0, to: 0 });
  t.is(again(repeated, 3500).send, undefined, 'a copy of that');
  t.is(again(ack(repeated, 0, 3100), 6000).send, undefined, 'it has the answer');
});

test('advanceTransfer() waits for a client that asked for a long time-out, once it has said something', (t) => {
  const granted = startGranting(5000, '60');
  t.deepEqual(tick(granted, patienceMs).outcome, { kind: 'timed-out' });
  const begun = ack(granted, 0, 1);
  t.is(tick(begun, patienceMs + 1).outcome, undefined);
  const again = tick(begun);
  t.deepEqual(again.send, { from: 1, to: 1 });
  t.is(again.transfer.sentAt, 60_001);
  t.deepEqual(tick(again).outcome, { kind: 'timed-out' });
});

test('advanceTransfer() waits as long for one that was not granted it, and sends again meanwhile', (t) => {
  let step = ack(start(5000, { timeout: '60', tsize: '0' }), 0, 1);
  t.true(nextTick(step.transfer) < 1000);
  for (let ticks = 0; ticks < 100 && !step.outcome; ticks++) {
    step = tick(step);
    if (!step.outcome) t.deepEqual(step.send, { from: 1, to: 1 });
  }
  t.deepEqual(step.outcome, { kind: 'timed-out' });
  t.true(step.transfer.sentAt > 100_000);
});

test('advanceTransfer() ends when the client sends an error', (t) => {
  const { transfer } = start(5000);
  const { outcome } = advanceTransfer(transfer, { kind: 'error', code: 8, message: 'no' });
  t.deepEqual(outcome, { kind: 'aborted', message: 'client sent error 8: no' });
});

const link = fc.record({
  seed: fc.integer(),
  lossPercent: fc.integer({ min: 0, max: 20 }),
  duplicatePercent: fc.integer({ min: 0, max: 20 }),
  jitterMs: fc.integer({ min: 0, max: 30 }),
});

test('a transfer completes over links that lose, double and reorder packets', (t) => {
  fc.assert(
    fc.property(
      link,
      fc.integer({ min: 0, max: 200_000 }),
      fc.constantFrom(1, 2, 4, 16, 64),
      fc.boolean(),
      (conditions, size, windowSize, isEchoing) => {
        const result = simulateTransfer({ ...conditions, size, windowSize, isEchoing });
        t.is(result.outcome, 'complete');
        t.is(result.received, size);
      },
    ),
    { numRuns: 300 },
  );
});

test('a transfer over a link that doubles every packet sends no block more often than asked', (t) => {
  for (const windowSize of [1, 4, 16]) {
    const once = { seed: 1, lossPercent: 0, jitterMs: 0, size: 300_000, windowSize };
    const clean = simulateTransfer({ ...once, duplicatePercent: 0 });
    const doubled = simulateTransfer({ ...once, duplicatePercent: 100 });
    t.is(doubled.outcome, 'complete');
    t.is(doubled.sent, clean.sent);
  }
});

for (const windowSize of [1, 4, 8, 16, 64]) {
  const link = { seed: 7, lossPercent: 0, duplicatePercent: 0, jitterMs: 0, size: 300_000 };

  test(`a transfer whose acknowledgements all come twice costs no packet more, with windows of ${windowSize}`, (t) => {
    const { sent } = simulateTransfer({ ...link, windowSize });
    for (const ackCopyMs of [0, 0.5, 1, 1.5, 1.99, 2, 5, 40]) {
      const doubled = simulateTransfer({ ...link, windowSize, ackCopyMs });
      t.is(doubled.outcome, 'complete');
      t.is(doubled.sent, sent, `copies ${ackCopyMs} ms later`);
    }
  });

  test(`a transfer whose acknowledgements come twice, late and out of turn ends soon, with windows of ${windowSize}`, (t) => {
    for (let seed = 1; seed <= 10; seed++) {
      const bad = { ...link, seed, ackJitterMs: 10, windowSize };
      const once = simulateTransfer(bad);
      const doubled = simulateTransfer({ ...bad, ackCopyMs: 6 });
      t.is(doubled.outcome, 'complete');
      t.true(doubled.sent <= 1.1 * once.sent, `seed ${seed}: ${doubled.sent} of ${once.sent}`);
    }
  });

  test(`a transfer that loses packets completes though acknowledgements come twice, with windows of ${windowSize}`, (t) => {
    for (let seed = 1; seed <= 10; seed++) {
      const lossy = { ...link, seed, lossPercent: 5, jitterMs: 3, windowSize, ackCopyMs: 2 };
      const result = simulateTransfer(lossy);
      t.is(result.outcome, 'complete');
      t.is(result.received, link.size);
    }
  });
}

test('blockBehind() is what advanceTransfer() sends when all that was sent is acknowledged, whatever happened before', (t) => {
  const events = fc.array(fc.record({ kind: fc.integer({ min: 0, max: 5 }), late: fc.nat(400) }));
  let known = 0;
  fc.assert(
    fc.property(events, fc.boolean(), fc.nat(4000), (happened, withOptions, size) => {
      let step = start(size, withOptions ? { tsize: '0' } : {});
      let now = 0;
      for (const { kind, late } of happened) {
        const { transfer } = step;
        const block = blockBehind(transfer);
        const next = ack(step, transfer.sent & 0xffff, now);
        if (block !== undefined) t.deepEqual(next.send, { from: block, to: block });
        else t.is(next.send, undefined);
        known += block === undefined ? 0 : 1;
        now += late;
        if (kind === 0) step = advanceTransfer(transfer, { kind: 'tick', now });
        else if (kind === 1) step = advanceTransfer(transfer, { kind: 'request', now });
        else step = ack(step, transfer.sent - (kind % 3) + 1, now);
      }
    }),
  );
  t.true(known > 0);
});

test('blockBehind() says nothing of windows, and nothing behind the last block', (t) => {
  t.is(blockBehind(ack(start(9000, { windowsize: '4' }), 0, 1).transfer), undefined);
  t.is(blockBehind(start(511).transfer), undefined);
  t.is(blockBehind(start(512).transfer), 2);
  t.is(blockBehind(start(512, { tsize: '0' }).transfer), 1);
});
