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
  const pass = (ms: number) => {
    loop.time += ms;
  };
  return { loop: { now, nextTurn }, now, run, pass };
}

test('TftpAttention lets the event loop sleep when nothing comes any more', (t) => {
  const { loop, now, run } = openLoop();
  const attention = new TftpAttention({ transfers: () => 1 }, loop);
  for (let packet = 0; packet < 100; packet++) attention.expect(now());
  t.true(run(1000) <= 6, 'half a millisecond has passed');
  attention.expect(now());
  t.true(run(1000) > 0, 'it wakes up again');
});

test('TftpAttention keeps the event loop awake while packets are sent', (t) => {
  const { loop, now, run } = openLoop();
  const attention = new TftpAttention({ transfers: () => 1 }, loop);
  for (let packet = 0; packet < 100; packet++) {
    attention.expect(now());
    t.is(run(2), 2);
  }
});

test('TftpAttention lets the event loop sleep where many transfers run', (t) => {
  const { loop, now, run } = openLoop();
  const attention = new TftpAttention({ transfers: () => 500 }, loop);
  for (let packet = 0; packet < 100; packet++) attention.expect(now());
  t.is(run(1000), 0);
});

test('TftpAttention takes what comes while few transfers run, for as long as the loop is kept awake', (t) => {
  const { loop, now, run, pass } = openLoop();
  let taken = 0;
  const take = () => {
    pass(0.01);
    taken += 1;
    return taken <= 100 ? 1 : 0;
  };
  const attention = new TftpAttention({ transfers: () => 1, take }, loop);
  attention.expect(now());
  const turns = run(1000);
  t.true(taken > 10, `${taken} looks`);
  t.true(turns < taken, 'it looks more than once a turn');
  t.true(turns < 100, 'it ends');
});

test('TftpAttention leaves many transfers to their ports, and ends as soon as there are so many', (t) => {
  const { loop, now, run, pass } = openLoop();
  let transfers = 500;
  let looks = 0;
  const take = () => {
    pass(0.01);
    looks += 1;
    transfers += 1;
    return 1;
  };
  const attention = new TftpAttention({ transfers: () => transfers, take }, loop);
  attention.expect(now());
  t.is(run(1000), 0);
  t.is(looks, 0);
  transfers = 14;
  attention.expect(now());
  t.is(run(1000), 1);
  t.true(looks > 3, `${looks} looks`);
});

test('TftpAttention looks on at once when a packet came, once in a turn', (t) => {
  const { loop, now, run, pass } = openLoop();
  let looks = 0;
  const take = () => {
    pass(0.01);
    looks += 1;
    return 0;
  };
  const attention = new TftpAttention({ transfers: () => 1, take }, loop);
  attention.hear();
  t.is(looks, 0, 'nothing was sent that could be answered');
  attention.expect(now());
  attention.hear();
  const first = looks;
  t.true(first > 1);
  attention.hear();
  t.is(looks, first);
  attention.expect(now());
  run(1);
  const second = looks;
  attention.expect(now());
  attention.hear();
  t.true(looks > second, 'the next turn');
});

test('TftpAttention says once that it looks no more, and looks again when something is expected', (t) => {
  const { loop, now, run, pass } = openLoop();
  const said: string[] = [];
  const take = () => {
    pass(0.01);
    said.push('look');
    return 0;
  };
  const watched = { transfers: () => 1, take, rest: () => said.push('rest') };
  const attention = new TftpAttention(watched, loop);
  for (let time = 0; time < 2; time += 1) {
    attention.expect(now());
    run(1000);
    t.is(said.filter((word) => word === 'rest').length, 1);
    t.is(said.at(-1), 'rest', 'nobody looks behind it');
    t.true(said.length > 1);
    said.length = 0;
  }
});

test('TftpAttention lets the loop turn after each look while blocks are read, which needs it', async (t) => {
  const { loop, now, run, pass } = openLoop();
  let looks = 0;
  const take = () => {
    pass(0.01);
    looks += 1;
    return 0;
  };
  const attention = new TftpAttention({ transfers: () => 1, take }, loop);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const good = attention.whileReading(first.promise);
  const bad = attention.whileReading(second.promise);
  attention.expect(now());
  run(1);
  t.is(looks, 1);
  first.resolve();
  await good;
  run(1);
  t.is(looks, 2, 'another one is still read');
  second.reject(new Error('the disk is broken'));
  await t.throwsAsync(bad, { message: 'the disk is broken' });
  attention.expect(now());
  run(1);
  t.true(looks > 3);
});
