/**
 * `npm run bench:abuse -- [--write] [--rounds N]`: how long 20 simulated PCs and one in QEMU take to boot, in peace and in the
 * storm of `lab/abuse`, in turns; N times instead of three times.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readProcess } from '../../lab/siege/readings.ts';
import { openSiege } from '../../lab/siege/siege.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { askedRounds, median } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms, SIEGE_PROGRAMS } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';

const ROUNDS = 3;
const HONEST = 20;

/** Seconds until machines were booted, and bytes of memory. */
type Run = {
  readonly middle: number;
  readonly last: number;
  readonly qemu: number;
  readonly memory: number;
};

/** How many times longer than in peace it may take. */
const ROWS = [
  { title: 'the middle one of 20 simulated PCs', key: 'middle', aim: 5 },
  { title: 'the last one of them', key: 'last', aim: 5 },
  { title: 'a PC in QEMU', key: 'qemu', aim: 2 },
] as const;

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
await requirePrograms([...SIEGE_PROGRAMS, 'qemu-system-x86_64']);
await prepare(join(import.meta.dirname, '../..'));
const peace: Run[] = [];
const storm: Run[] = [];
for (let round = 0; round < rounds; round += 1) {
  // Who is first has the quieter disk or the colder caches: each in its turn.
  for (const inStorm of round % 2 === 0 ? [false, true] : [true, false]) {
    (inStorm ? storm : peace).push(await measure(inStorm));
  }
}
const text = [describeMachine(), times(), memory()].join('\n\n');
console.log(text);
if (values.write) await writeSection('bench abuse', text);

async function measure(inStorm: boolean): Promise<Run> {
  const siege = await openSiege({ name: 'bench', honest: HONEST });
  try {
    if (inStorm) await siege.attack();
    const booting = siege.bootQemu();
    const [seconds, qemu] = await Promise.all([siege.boot(siege.pcs), booting]);
    const { mostMemory } = await readProcess(siege.lab.serverPid());
    if (inStorm) await siege.endAttack();
    const run = { middle: median(seconds), last: Math.max(...seconds), qemu, memory: mostMemory };
    console.error(`${inStorm ? 'storm' : 'peace'}: ${JSON.stringify(run)}`);
    return run;
  } finally {
    await siege.close();
  }
}

function times(): string {
  const lines = ROWS.map(({ title, key, aim }) => {
    const [calm, hard] = [peace, storm].map((runs) => median(runs.map((run) => run[key])));
    const ratio = (hard ?? 0) / (calm ?? 0);
    const cells = [`${calm?.toFixed(1)} s`, `${hard?.toFixed(1)} s`, ratio.toFixed(2)];
    return [title, ...cells, `≤ ${aim.toFixed(1)}`, ratio <= aim ? 'yes' : 'no'];
  });
  return plainTable(['booted after', 'in peace', 'in the storm', 'ratio', 'aim', 'met'], lines);
}

function memory(): string {
  const cells = [peace, storm].map((runs) => {
    const bytes = median(runs.map((run) => run.memory));
    return `${Math.round(bytes / 1e6)} MB`;
  });
  return plainTable(
    ['the most memory of the server', 'in peace', 'in the storm'],
    [['', ...cells]],
  );
}
