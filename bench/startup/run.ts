/**
 * `npm run bench:startup -- [--write] [--rounds N]`: how much the programs of a release compute until they have started, beside an empty program, with the
 * compiled code that Node.js kept of an earlier start (NODE_COMPILE_CACHE) and without; in turns, N times instead of 20 times.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { succeed } from '../../lab/programs/run-program.ts';
import { prepare } from '../../scripts/prepare.ts';
import { askedRounds, median } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';

const ROUNDS = 20;
const ROOT = join(import.meta.dirname, '../..');
const CACHE = 'NODE_COMPILE_CACHE';
const CHECK = '--check-config';
const HEAD = ['program', 'nothing kept', 'compiled code kept', 'of an empty one', 'kept of not'];

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
await prepare(ROOT);
const folder = await mkdtemp(join(tmpdir(), 'walt-bench-startup-'));
try {
  const text = [describeMachine(), await times(folder)].join('\n\n');
  console.log(text);
  if (values.write) await writeSection('bench startup', text);
} finally {
  await rm(folder, { recursive: true });
}

async function times(place: string): Promise<string> {
  const config = join(place, 'server.yaml');
  await writeFile(config, '');
  const dist = (name: string) => join(ROOT, 'release/dist', name);
  const programs = [
    { shown: 'node, an empty program', argv: [process.execPath, '-e', '0'] },
    { shown: 'walt --help', argv: [dist('walt'), '--help'] },
    { shown: 'walt-server --check-config', argv: [dist('walt-server'), '--config', config, CHECK] },
  ];
  const rows: string[][] = [];
  let empty: number | undefined;
  for (const { shown, argv } of programs) {
    const { without, kept } = await compare(argv, place);
    empty ??= without;
    const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;
    const ratios = [without / empty, kept / without].map((ratio) => ratio.toFixed(2));
    rows.push([shown, ms(without), ms(kept), ...ratios]);
  }
  return plainTable(HEAD, rows);
}

async function compare(argv: readonly string[], place: string) {
  const cached = ['env', `${CACHE}=${join(place, 'cache')}`, ...argv];
  const plain = ['env', '--unset', CACHE, ...argv];
  // The first start keeps what the others find.
  await computing(cached);
  const [kept, without]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    without.push(await computing(plain));
    kept.push(await computing(cached));
  }
  return { without: median(without), kept: median(kept) };
}

/** Processor time of a program and of what it became, in seconds: others who use the machine count little. */
async function computing(argv: readonly string[]): Promise<number> {
  const { stdout } = await succeed(['sh', '-c', '"$@" > /dev/null; times', 'sh', ...argv]);
  const last = stdout.toString().trim().split('\n').at(-1) ?? '';
  const parts = [...last.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
}
