/**
 * `npm run bench:storm -- [--write] [--boards 100,300,1000]`: so many simulated boards, all new, are switched on in one moment: how long until they are
 * up, and how the slowest of them fares. One storm of each size, against a server of its own.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STEPS } from '../../lab/storm/board.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { median } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';

import { type Storm, storm } from './storm.ts';

const BOARDS = '100,300,1000';
/** The pool of addresses of the boards' host. */
const MOST_BOARDS = 30_000;
const BOUND_SECONDS = 900;
/** Of 1,000 boards. */
const AIM_SECONDS = 120;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    boards: { type: 'string', default: BOARDS },
  },
});
const sizes = values.boards.split(',').map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1 || size > MOST_BOARDS)) {
  throw new RangeError(
    `Cannot switch on ${values.boards} boards: expected whole numbers from 1 to ${MOST_BOARDS}, with commas between`,
  );
}
await requirePrograms(['ip', 'nft', 'perl', 'ganesha.nfsd', 'rpcbind', 'dnsmasq', 'umoci']);
await prepare(join(import.meta.dirname, '../..'));
const storms: { readonly size: number; readonly storm: Storm }[] = [];
for (const size of sizes) {
  storms.push({ size, storm: await storm(size, BOUND_SECONDS) });
  console.error(rowOf(storms.at(-1)).join(' | '));
}
const head = ['boards', ...STEPS.map((step) => `last one ${step}`), 'middle one told'];
const text = [
  describeMachine(),
  plainTable([...head, 'booted', 'twice', 'most memory', 'aim', 'met'], storms.map(rowOf)),
].join('\n\n');
console.log(text);
if (values.write) await writeSection('bench storm', text);

function rowOf(one: (typeof storms)[number] | undefined): string[] {
  if (one === undefined) return [];
  const { size, storm } = one;
  const last = STEPS.map((step) => Math.max(...storm.boots.map((boot) => boot[step])));
  const middle = median(storm.boots.map(({ told }) => told));
  const isEach = storm.booted === size && storm.again === 0;
  const isMet = isEach && (last.at(-1) ?? AIM_SECONDS) < AIM_SECONDS;
  const aim = size === 1000 ? [`all, < ${AIM_SECONDS} s`, isMet ? 'yes' : 'no'] : ['', ''];
  return [
    ...[size.toLocaleString('en'), ...[...last, middle].map((value) => `${value.toFixed(1)} s`)],
    ...[`${storm.booted}`, `${storm.again}`, `${(storm.memory / 1e6).toFixed(0)} MB`, ...aim],
  ];
}
