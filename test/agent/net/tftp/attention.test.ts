import test from 'ava';
import { TftpAttention } from '../../../../agent/net/tftp/attention.ts';

/** An event loop whose turns take 0.1 ms, and that counts them. */
function openLoop() {
  const loop = { time: 0, turns: 0, works: [] as (() => void)[] };
  const now = () => loop.time;
  const nextTurn = (work: () => void) => void loop.works.push(work);
  /** Turns until it may sleep. @returns after how many turns, or `most` */
  const run = (most: number) => {
    const before = loop.turns;
    while (loop.works.length > 0 && loop.turns - before < most) {
      loop.turns += 1;
      loop.time += 0.1;
      for (const work of loop.works.splice(0)) work();
    }
    return loop.turns - before;
  };
  return { loop: { now, nextTurn }, now, run };
}

test('TftpAttention lets the event loop sleep when nothing comes any more', (t) => {
  const { loop, now, run } = openLoop();
  const attention = new TftpAttention(() => 1, loop);
  for (let packet = 0; packet < 100; packet++) attention.expect(now());
  t.true(run(1000) <= 4, 'a third of a millisecond has passed');
  attention.expect(now());
  t.true(run(1000) > 0, 'it wakes up again');
});

test('TftpAttention keeps the event loop awake while packets are sent', (t) => {
  const { loop, now, run } = openLoop();
  const attention = new TftpAttention(() => 1, loop);
  for (let packet = 0; packet < 100; packet++) {
    attention.expect(now());
    t.is(run(2), 2);
  }
});

test('TftpAttention lets the event loop sleep where many transfers run', (t) => {
  const { loop, now, run } = openLoop();
  const attention = new TftpAttention(() => 500, loop);
  for (let packet = 0; packet < 100; packet++) attention.expect(now());
  t.is(run(1000), 0);
});
