import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { TftpAttention } from '../../../agent/net/tftp/attention.ts';

test.serial('TftpAttention lets the event loop sleep when nothing comes any more', async (t) => {
  const attention = new TftpAttention(() => 1);
  for (let packet = 0; packet < 100; packet++) attention.expect(performance.now());
  await sleep(100);
  const before = performance.eventLoopUtilization();
  await sleep(300);
  const { utilization } = performance.eventLoopUtilization(before);
  t.true(utilization < 0.8, `the loop was busy for ${utilization} of the time`);
});

const utilizationWith = async (transfers: number): Promise<number> => {
  const attention = new TftpAttention(() => transfers);
  const before = performance.eventLoopUtilization();
  // Like packets that are sent all the time.
  attention.expect(performance.now() + 400);
  await sleep(300);
  return performance.eventLoopUtilization(before).utilization;
};

test.serial('TftpAttention stays awake for few transfers, and sleeps where many run', async (t) => {
  t.true((await utilizationWith(1)) > 0.8);
  await sleep(200);
  t.true((await utilizationWith(500)) < 0.6);
});
