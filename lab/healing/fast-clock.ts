// Loaded before a server of a lab: lets its clock go faster. `WALT_LAB_CLOCK` is the factor, when it began, and of what.
import { hastenClock } from '../../agent/host/clock/clock.ts';

const [times, since, of] = (process.env.WALT_LAB_CLOCK ?? '').split(' ');
if (!(Number(times) >= 1) || !(Number(since) > 0) || (of !== 'all' && of !== 'day')) {
  throw new Error('Cannot hasten the clock: WALT_LAB_CLOCK has no factor, beginning and kind');
}
hastenClock({ times: Number(times), since: Number(since), of });
