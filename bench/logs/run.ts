/**
 * `npm run bench:logs -- [--write] [--rounds N] [--millions N] [intake|long]`: lines of 100 nodes at once to our server and to rsyslog, and the last
 * lines of a long log.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askedRounds, compare, median } from '../harness/compare.ts';
import { unpackPackages } from '../harness/debian-programs.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePackages } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';
import { contestants } from './contestants.ts';
import { measureLongLog } from './long-log.ts';

const AMOUNT = { nodes: 100, lines: 5000 };
const ROUNDS = 5;
const PACKAGES = ['rsyslog'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    millions: { type: 'string', default: '10' },
  },
});
const [only] = positionals;
if (only !== 'long') await requirePackages(PACKAGES);
const folder = await mkdtemp(join(tmpdir(), 'walt-bench-logs-'));
try {
  if (only !== 'long') await tell('bench logs intake', measureIntake());
  if (only !== 'intake') await tell('bench logs long', measureLongLogOf(folder));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function tell(section: string, measuring: Promise<string>): Promise<void> {
  const text = `${describeMachine()}\n\n${await measuring}`;
  console.log(`${text}\n`);
  if (values.write) await writeSection(section, text);
}

async function measureIntake(): Promise<string> {
  const programs = await unpackPackages(PACKAGES, folder);
  const count = AMOUNT.nodes * AMOUNT.lines;
  const rounds = askedRounds(values.rounds) ?? ROUNDS;
  const paces = new Map<string, number[]>();
  const measured = await compare(
    contestants,
    async ({ name, measure, part = 1 }) => {
      const amount = { ...AMOUNT, lines: AMOUNT.lines * part };
      const { seconds, processor } = await measure(amount, { folder, programs });
      paces.set(name, [...(paces.get(name) ?? []), (count * part) / processor]);
      return (count * part) / seconds;
    },
    { rounds },
  );
  const rows = measured.map(({ name, median: lines, failures }) => [
    name,
    whole(lines),
    whole(median(paces.get(name) ?? [])),
    `${failures}`,
  ]);
  const title = `${AMOUNT.nodes} nodes at once, ${AMOUNT.lines} lines each`;
  return plainTable(
    [title, 'lines a second', 'for each second of a processor', 'failed rounds'],
    rows,
  );
}

function whole(figure = Number.NaN): string {
  return Number.isNaN(figure) ? 'failed' : Math.round(figure).toLocaleString('en');
}

async function measureLongLogOf(place: string): Promise<string> {
  const millions = askedRounds(values.millions) ?? 1;
  return await measureLongLog(place, millions);
}
