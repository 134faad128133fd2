import test from 'ava';
import { WallClock } from '../../../../agent/host/clock/clock.ts';

const HOUR = 3_600_000;

/** A machine whose wall clock and whose time since power-on are set by hand, in milliseconds. */
function machine(wall: number) {
  const clocks = { wall, steady: 5 };
  const clock = new WallClock({ wall: () => clocks.wall, steady: () => clocks.steady });
  const pass = (ms: number, wallMs = ms) => {
    clocks.steady += ms;
    clocks.wall += wallMs;
  };
  return { clock, pass };
}

test('WallClock goes on steadily between two looks at the wall clock', (t) => {
  const { clock, pass } = machine(1000);
  t.is(clock.read(), 1_000_000);
  pass(0.5, HOUR);
  t.is(clock.read(), 1_000_500);
});

for (const [title, by] of [
  ['forwards, as on a machine that learns the time after its start', 56 * 365 * 24 * HOUR],
  ['back', -2 * HOUR],
] as const) {
  test(`WallClock.follow() tells when the clock was set ${title}`, (t) => {
    const { clock, pass } = machine(100 * HOUR);
    const before = clock.read();
    pass(1000, 1000 + by);
    t.is(clock.follow(), by * 1000);
    t.is(clock.read(), before + (1000 + by) * 1000);
    t.is(clock.follow(), 0);
  });
}

test('WallClock.follow() says nothing of a clock that is drawn to the right time, and never goes back with it', (t) => {
  const { clock, pass } = machine(1000);
  let last = clock.read();
  for (let looks = 0; looks < 100; looks += 1) {
    pass(1000, 999.5);
    const early = clock.read();
    t.is(clock.follow(), 0);
    t.true(clock.read() >= early && early >= last);
    last = clock.read();
  }
  t.true(last < 1_000_000 + 100 * 999_600);
});
