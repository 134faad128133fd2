/**
 * `npm run bench:tftp -- [--write] [--rounds N] [TEXT]`: our TFTP server beside others; only rows whose title holds
 * TEXT, each measured N times instead of as often as its row says.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { TwoHosts } from '../../lab/network/two-hosts.ts';
import { sentenceOf } from '../../scripts/run.ts';
import { askedRounds, compare } from '../harness/compare.ts';
import { COMPILER } from '../harness/compile.ts';
import { unpackPackages, unpackRelease } from '../harness/debian-programs.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePackages, requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { markdownTable, type Row } from '../harness/table.ts';
import { inWorkplace } from '../harness/workplace.ts';
import { buildClients, type Wish } from './clients.ts';
import { rows, type TftpRow } from './rows.ts';
import { servers, type TftpContestant } from './servers.ts';
import { sidPackages } from './sid.ts';

/** Ours practises before it listens. */
const PRACTICE_MS = 3000;
const PACKAGES = ['tftpd-hpa', 'atftpd', 'dnsmasq-base'];
/** Far more than any server needs on a busy machine: what hangs is found out, what is slow is measured. */
const ONE_SECONDS = 60;
const MANY_SECONDS = 400;

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
await requirePrograms(['ip', 'taskset', 'atftp', COMPILER]);
await requirePackages(PACKAGES);
const [only = ''] = positionals;
const rounds = askedRounds(values.rounds);
await inWorkplace(async ({ hosts, folder }) => {
  const programs = await unpackPackages(PACKAGES, folder);
  const files = join(folder, 'files');
  await mkdir(files);
  const sid = await unpackRelease(sidPackages, folder).catch(sayLeftOut);
  const all = servers.map((server) => ({ server, argv: server.command({ files, programs, sid }) }));
  const there = all.flatMap(({ server, argv }) => (argv === undefined ? [] : [{ server, argv }]));
  await hosts.open(there.map(({ server }) => server.address));
  for (const { argv } of there) await hosts.serve(argv);
  await sleep(PRACTICE_MS);
  const field = there.map(({ server }) => server);
  const table = await measureRows({ hosts, folder, field, argv: await buildClients(folder) });
  const text = `${describeMachine()}\n\n${table}`;
  if (hosts.isClosed) return;
  console.log(text);
  if (values.write) await writeSection('bench tftp', text);
});

type Clients = (wish: Wish) => string[];

type Field = {
  readonly hosts: TwoHosts;
  readonly folder: string;
  readonly field: readonly TftpContestant[];
  readonly argv: Clients;
};

/** The others are measured all the same. */
function sayLeftOut(reason: unknown): undefined {
  const [why = ''] = sentenceOf(reason).split('\n');
  console.error(`tftpd-hpa 7.2 and dnsmasq 2.93 of Debian sid are left out: ${why}`);
}

async function measureRows({ hosts, folder, field, argv }: Field): Promise<string> {
  const done: Row[] = [];
  for (const row of rows.filter(({ title }) => title.includes(only))) {
    const original = join(folder, 'files', String(row.bytes));
    await writeFile(original, randomBytes(row.bytes), { mode: 0o644 });
    const measure = (server: TftpContestant, round: number) =>
      row.simulated
        ? measureClients({
            ...row,
            ...row.simulated,
            hosts,
            server,
            round,
            original,
            argv,
          })
        : measureAtftp({ ...row, hosts, server, copy: join(folder, 'copy'), original });
    // Once for nothing: caches are full and code is compiled, for all of them alike.
    if ((row.simulated?.clients ?? 1) === 1) await compare(field, measure, { rounds: 1 });
    const measured = await compare(field, measure, { rounds: rounds ?? row.rounds });
    done.push({ title: row.title, unit: 'ms', better: 'less', aim: row.aim, measured });
    console.error(markdownTable(done.slice(-1)));
  }
  return markdownTable(done);
}

type Turn = TftpRow & {
  readonly hosts: TwoHosts;
  readonly server: TftpContestant;
  readonly original: string;
};

async function measureAtftp(turn: Turn & { readonly copy: string }): Promise<number> {
  const { hosts, server, options, bytes, original, copy } = turn;
  const pairs = Object.entries(options).flatMap(([name, value]) => [
    '--option',
    `${name} ${value}`,
  ]);
  const begun = performance.now();
  await hosts.ask(
    ['atftp', ...pairs, '--get', '-r', String(bytes), '-l', copy, server.address],
    ONE_SECONDS,
  );
  const ms = performance.now() - begun;
  if (!(await readFile(copy)).equals(await readFile(original)))
    throw new Error('another file came');
  await rm(copy);
  return ms;
}

async function measureClients({
  argv,
  ...turn
}: Omit<Turn, 'simulated'> &
  NonNullable<TftpRow['simulated']> & {
    readonly round: number;
    readonly argv: Clients;
  }): Promise<number> {
  const { hosts, server, bytes, round } = turn;
  const wish = { ...turn, server: server.address, file: String(bytes), seed: 100 + round };
  return Number(await hosts.ask(argv(wish), MANY_SECONDS));
}
