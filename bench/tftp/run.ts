/**
 * `npm run bench:tftp -- [--write] [--rounds N] [TEXT]`: our TFTP server beside others; only rows whose title holds
 * TEXT, each measured N times instead of as often as its row says.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from '../harness/compare.ts';
import { unpackPackages } from '../harness/debian-programs.ts';
import { describeMachine } from '../harness/machine.ts';
import { writeSection } from '../harness/section.ts';
import { markdownTable, type Row } from '../harness/table.ts';
import { TwoHosts } from '../harness/two-hosts.ts';
import { rows, type TftpRow } from './rows.ts';
import { servers, type TftpContestant } from './servers.ts';

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const [only = ''] = positionals;
const rounds = values.rounds === undefined ? undefined : askedRounds(values.rounds);
const folder = await mkdtemp(join(tmpdir(), 'walt-bench-'));
const hosts = new TwoHosts();
const tidy = async () => {
  await hosts.close();
  await rm(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => tidy().finally(() => process.exit(1)));
}
try {
  const programs = await unpackPackages(['tftpd-hpa', 'atftpd', 'dnsmasq-base'], folder);
  const files = join(folder, 'files');
  await mkdir(files);
  await hosts.open(servers.map(({ address }) => address));
  for (const server of servers) await hosts.serve(server.command({ files, programs }));
  const table = await measureRows(files);
  const text = `${describeMachine()}\n\n${table}`;
  console.log(text);
  if (values.write) await writeSection('bench tftp', text);
} finally {
  await tidy();
}

function askedRounds(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new RangeError(`Cannot measure ${text} rounds: expected a whole number from 1`);
}

async function measureRows(files: string): Promise<string> {
  const done: Row[] = [];
  for (const row of rows.filter(({ title }) => title.includes(only))) {
    const original = join(files, String(row.bytes));
    await writeFile(original, randomBytes(row.bytes), { mode: 0o644 });
    const measure = (server: TftpContestant, round: number) =>
      row.many
        ? measureMany(row.many, { ...row, server, round, original })
        : measureOne({ ...row, server, round, original });
    // Once for nothing: caches are full and code is compiled, for all of them alike.
    if (!row.many) await compare(servers, measure, { rounds: 1 });
    const measured = await compare(servers, measure, { rounds: rounds ?? row.rounds });
    done.push({ title: row.title, unit: 'ms', better: 'less', aim: row.aim, measured });
    console.error(markdownTable(done.slice(-1)));
  }
  return markdownTable(done);
}

type Turn = TftpRow & {
  readonly server: TftpContestant;
  readonly round: number;
  readonly original: string;
};

async function measureOne({ server, options, bytes, original }: Turn): Promise<number> {
  const copy = join(folder, 'copy');
  const pairs = Object.entries(options).flatMap(([name, value]) => [
    '--option',
    `${name} ${value}`,
  ]);
  const begun = performance.now();
  await hosts.ask(
    ['atftp', ...pairs, '--get', '-r', String(bytes), '-l', copy, server.address],
    60,
  );
  const ms = performance.now() - begun;
  if (!(await readFile(copy)).equals(await readFile(original)))
    throw new Error('another file came');
  await rm(copy);
  return ms;
}

async function measureMany(many: NonNullable<TftpRow['many']>, turn: Turn): Promise<number> {
  const { server, options, bytes, original, round } = turn;
  const wish = { server: server.address, file: String(bytes), original, options, ...many };
  const program = join(import.meta.dirname, 'clients.ts');
  const argv = [process.execPath, program, JSON.stringify({ ...wish, seed: 100 + round })];
  return Number(await hosts.ask(argv, 120));
}
