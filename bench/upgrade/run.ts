/**
 * `npm run bench:upgrade -- [--write] [--rounds N]`: how long 20 simulated PCs take to boot while the server is left alone, is
 * replaced by a new process (what an upgrade does), or is stopped and started again; in turns, N times instead of three times.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Lab } from '../../lab/lab.ts';
import { openSiege } from '../../lab/siege/siege.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { askedRounds, median } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms, SIEGE_PROGRAMS } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';

const ROUNDS = 3;
const MACHINES = 20;
/** Milliseconds after power-on: none is booted yet. */
const DISTURBED_AFTER_MS = 200;

/** Seconds until machines were booted. */
type Run = { readonly middle: number; readonly last: number };

const MODES = {
  'left alone': async () => undefined,
  'replaced by a new process': (lab: Lab) => lab.handOver(),
  'stopped and started': async (lab: Lab) => {
    await lab.endServer('SIGTERM');
    await lab.startServer();
  },
} as const;
type Mode = keyof typeof MODES;
const NAMES = Object.keys(MODES) as Mode[];

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
await requirePrograms(SIEGE_PROGRAMS);
await prepare(join(import.meta.dirname, '../..'));
const runs = new Map<Mode, Run[]>(NAMES.map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  // Who is first has the quieter disk or the colder caches: each in its turn.
  for (const mode of [
    ...NAMES.slice(round % NAMES.length),
    ...NAMES.slice(0, round % NAMES.length),
  ]) {
    runs.get(mode)?.push(await measure(mode));
  }
}
const text = [describeMachine(), times()].join('\n\n');
console.log(text);
if (values.write) await writeSection('bench upgrade', text);

async function measure(mode: Mode): Promise<Run> {
  const siege = await openSiege({ name: 'upgr', honest: MACHINES });
  try {
    const booting = siege.boot(siege.pcs);
    await sleep(DISTURBED_AFTER_MS);
    const [seconds] = await Promise.all([booting, MODES[mode](siege.lab)]);
    const run = { middle: median(seconds), last: Math.max(...seconds) };
    console.error(`${mode}: ${JSON.stringify(run)}`);
    return run;
  } finally {
    await siege.close();
  }
}

function times(): string {
  const of = (mode: Mode, key: keyof Run) => median((runs.get(mode) ?? []).map((run) => run[key]));
  const ratio = (mode: Mode, key: keyof Run) => (of(mode, key) / of('left alone', key)).toFixed(2);
  return plainTable(
    ['the server is', 'middle machine', 'last machine', 'middle, to alone', 'last, to alone'],
    NAMES.map((mode) => [
      mode,
      `${of(mode, 'middle').toFixed(1)} s`,
      `${of(mode, 'last').toFixed(1)} s`,
      ratio(mode, 'middle'),
      ratio(mode, 'last'),
    ]),
  );
}
