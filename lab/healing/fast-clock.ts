// Loaded before a server of a lab: lets its clock go faster. `WALT_LAB_CLOCK` is the factor, and when it began.
import { hastenClock } from '../../agent/host/clock/clock.ts';

const [factor, since] = (process.env.WALT_LAB_CLOCK ?? '').split(' ').map(Number);
if (factor === undefined || since === undefined || !(factor >= 1)) {
  throw new Error('Cannot hasten the clock: WALT_LAB_CLOCK has no factor and beginning');
}
hastenClock(factor, since);
