import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Silence } from '../../../../agent/host/clock/silence.ts';

/** Keeps the event loop from turning, as a busy machine does. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('silent() does not count what passed while this process did not run', async (t) => {
  const silence = new Silence();
  for (let times = 0; times < 4; times += 1) {
    silence.begin();
    await sleep(50);
    block(1200);
    await sleep(50);
    t.false(silence.silent());
  }
});

test('silent() counts three in a row; an answer begins anew, what nobody can tell does not', (t) => {
  const silence = new Silence();
  const ask = () => {
    silence.begin();
    return silence.silent();
  };
  t.deepEqual([ask(), ask()], [false, false]);
  silence.answered();
  t.deepEqual([ask(), ask()], [false, false]);
  silence.unknown();
  t.deepEqual([ask(), ask()], [true, true]);
});
