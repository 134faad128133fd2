import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { watchLoop } from '../../../../agent/host/clock/loop-delay.ts';

/** Keeps this process from all else. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    // Nothing else is done meanwhile.
  }
}

test('watchLoop() tells the longest time since the last question, once somebody has asked', async (t) => {
  const loop = watchLoop();
  t.teardown(loop.stop);
  busy(400);
  t.is(loop.longest(), 0);
  await sleep(200);
  busy(400);
  await sleep(200);
  t.true(loop.longest() > 0.3);
});

test('watchLoop() looks no more where nobody asks', async (t) => {
  const loop = watchLoop(50);
  t.teardown(loop.stop);
  loop.longest();
  await sleep(300);
  busy(400);
  await sleep(200);
  t.is(loop.longest(), 0);
});
