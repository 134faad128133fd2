/**
 * `npm run bench:waits -- [--write] [--rounds N] [users|programs]`: what a user waits for, with 1,000 nodes and a log of 1,000,000 lines; and
 * what the programs compute until they have started. N rounds instead of five.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from '../../scripts/builders/prepare.ts';
import { askedRounds } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { measurePrograms } from './programs.ts';
import { measureWaits } from './waits.ts';

const ROUNDS = 5;
const PARTS = ['users', 'programs'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
await requirePrograms(['ganesha.nfsd', 'rpcbind', 'umoci', 'python3', 'ip', 'nft']);
await prepare(join(import.meta.dirname, '../..'));
const wanted = PARTS.filter((part) => positionals.length === 0 || positionals.includes(part));
if (wanted.includes('users')) await show('bench waits', await measureWaits(rounds));
if (wanted.includes('programs')) {
  const folder = await mkdtemp(join(tmpdir(), 'walt-bench-waits-'));
  try {
    await show('bench waits programs', await measurePrograms(folder, 4 * rounds));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function show(section: string, table: string): Promise<void> {
  const text = [describeMachine(), table].join('\n\n');
  console.log(text);
  if (values.write) await writeSection(section, text);
}
