/**
 * `npm run bench:dhcp -- [--write] [--rounds N] [TEXT]`: our DHCP server beside others; only those whose name holds
 * TEXT, each measured N times instead of three times.
 */
import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askedRounds, compare, type Measured } from '../harness/compare.ts';
import { COMPILER } from '../harness/compile.ts';
import { unpackPackages } from '../harness/debian-programs.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePackages, requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { markdownTable } from '../harness/table.ts';
import { inWorkplace, type Workplace } from '../harness/workplace.ts';
import { buildClients, type Wish } from './clients.ts';
import { diskWrites } from './disk-writes.ts';
import { limitTable } from './limit-table.ts';
import { type DhcpContestant, servers } from './servers.ts';

const PACKAGES = ['kea-dhcp4-server', 'kea-common', 'dnsmasq-base'];
const ROUNDS = 3;
const TURN_SECONDS = 150;
/** What is put off while a thousand machines come has to be done while ten thousand do. */
const MANY = 10_000;

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
await requirePrograms(['ip', 'taskset', 'perl', COMPILER]);
await requirePackages(PACKAGES);
const [only = ''] = positionals;
const rounds = askedRounds(values.rounds) ?? ROUNDS;
const contestants = servers.filter(({ name }) => name.includes(only));
// Servers and clients inherit it: what else the machine does shows less in times of a few milliseconds.
setPriority(-20);
await inWorkplace(async (place) => {
  const { hosts, folder } = place;
  const programs = await unpackPackages(PACKAGES, folder);
  await hosts.open(['10.99.0.1']);
  await hosts.ask(['ip', 'route', 'add', '255.255.255.255', 'dev', 'cable'], 10);
  const all = { ...place, programs, clients: await buildClients(folder) };
  const rate = await measure({ clients: 1000, atOnce: 100 }, all);
  const lasting = await measure({ clients: MANY, atOnce: 100 }, all);
  const slowest = await measure({ clients: 1500, perSecond: 1000 }, all);
  const tables = [rateTable(rate, lasting), slowestTable(slowest), await diskWrites(folder)];
  const text = [describeMachine(), ...tables].join('\n\n');
  if (hosts.isClosed) return;
  console.log(text);
  if (values.write) await writeSection('bench dhcp', text);
});

function rateTable(rack: readonly Measured[], racks: readonly Measured[]): string {
  const row = { unit: 'leases/s', better: 'more', aim: 2 } as const;
  return markdownTable([
    { title: '1,000 new clients, 100 at once', ...row, measured: rack },
    { title: '10,000 new clients, 100 at once', ...row, measured: racks },
  ]);
}

function slowestTable(measured: readonly Measured[]): string {
  return limitTable({ title: '1,000 requests/s, p99', unit: 'ms', below: 2, measured });
}

type Place = Workplace & {
  readonly programs: string;
  readonly clients: (wish: Wish) => string[];
};
type Measurement = Omit<Wish, 'settleSeconds'>;

async function measure(wish: Measurement, place: Place): Promise<Measured[]> {
  const once = (server: DhcpContestant) => measureOne(server, wish, place);
  const measured = await compare(contestants, once, { rounds });
  console.error(JSON.stringify(measured));
  return measured;
}

/** Every round begins without a lease. */
async function measureOne(
  server: DhcpContestant,
  wish: Measurement,
  { hosts, folder, programs, clients }: Place,
): Promise<number> {
  const own = join(folder, server.name.replace(' ', '-'));
  await forgetLeases(own);
  const running = await hosts.serve(await server.command({ folder: own, programs }));
  try {
    const isMany = wish.clients >= MANY;
    const settleSeconds = (isMany && server.settleForMany) || server.settleSeconds;
    return Number(await hosts.ask(clients({ ...wish, settleSeconds }), TURN_SECONDS));
  } finally {
    await running.stop();
  }
}

/** Of ours only the database goes: the NFS server that it leaves to its nodes runs on, with files in `state/nfs`. */
async function forgetLeases(own: string): Promise<void> {
  const files = [
    'leases',
    'leases.csv',
    ...['', '-wal', '-shm', '.leases-1', '.leases-2'].map((end) => `state/walt.db${end}`),
  ];
  for (const file of files) await rm(join(own, file), { force: true });
}
