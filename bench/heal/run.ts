/** `npm run bench:heal`: boards that freeze at every stage of a boot, healed under a clock in memory. */
import { parseArgs } from 'node:util';
import { median } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';
import { FREEZES } from './board.ts';
import { type Outcome, simulate } from './world.ts';

const BOARDS = 200;
const BOOTS = 50;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '17' },
    boards: { type: 'string', default: String(BOARDS) },
    boots: { type: 'string', default: String(BOOTS) },
  },
});
const asked = [values.boards, values.boots, values.seed].map(Number);
const [boards = 0, boots = 0, seed = 0] = asked;
if (asked.some((number) => !Number.isInteger(number) || number < 1)) {
  throw new RangeError('Cannot simulate: --boards, --boots and --seed are whole numbers from 1');
}
const begun = performance.now();
const outcome = await simulate({ boards, boots, seed });
const took = ((performance.now() - begun) / 1000).toFixed(0);
const title = `${boards * boots} boots of ${boards} boards in ${outcome.hours.toFixed(1)} simulated hours (seed ${seed})`;
const text = [describeMachine(), facts(outcome, title), times(outcome)].join('\n\n');
console.log(`${text}\n\nIt took ${took} s.`);
if (values.write) await writeSection('bench heal', text);
if (outcome.stuck !== 0 || outcome.cyclesOfUp !== 0) process.exitCode = 1;

function facts(all: Outcome, title: string): string {
  const { booted, quarantined, stuck, cycles, cyclesOfUp, needless, outages } = all;
  return plainTable(
    [title, 'count', 'aim'],
    [
      ['ended booted', String(booted), ''],
      ['ended in quarantine, with a reason', String(quarantined), ''],
      ['stuck', String(stuck), '0'],
      ['power cycles', String(cycles), ''],
      ['of them of boards that were up', String(cyclesOfUp), '0'],
      ['of them of boards that would have come up by themselves', String(needless), ''],
      ['losses of the whole network, for 400 s', String(outages), ''],
      ['said of them', String(all.saidOfOutages), 'as many'],
    ],
  );
}

function times({ healed }: Outcome): string {
  const rows = FREEZES.map((freeze) => {
    const own = healed.filter((one) => one.freeze === freeze);
    const seconds = own.map((one) => one.seconds).toSorted((left, right) => left - right);
    const late = seconds[Math.floor(seconds.length * 0.95)] ?? Number.NaN;
    const fixed = median(own.map((one) => one.fixed));
    // The original watches a node only until it is up.
    const original = freeze === 'up, then silent' ? 'never' : `${fixed.toFixed(0)} s`;
    const figures = [`${median(seconds).toFixed(0)} s`, `${late.toFixed(0)} s`, original];
    return [freeze, String(own.length), ...figures];
  });
  const head = ['from freeze to booted', 'healed', 'median', '95 of 100', 'fixed 180 s, median'];
  return plainTable(head, rows);
}
