/** `npm run bench:dhcp [-- --write] [TEXT]`: our DHCP server beside others; only those whose name holds TEXT. */
import { mkdtemp, rm } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Measured } from '../harness/compare.ts';
import { unpackPackages } from '../harness/debian-programs.ts';
import { describeMachine } from '../harness/machine.ts';
import { writeSection } from '../harness/section.ts';
import { markdownTable } from '../harness/table.ts';
import { TwoHosts } from '../harness/two-hosts.ts';
import type { Wish } from './clients.ts';
import { limitTable } from './limit-table.ts';
import { type DhcpContestant, servers } from './servers.ts';

const PACKAGES = ['kea-dhcp4-server', 'kea-common', 'dnsmasq-base'];
const ROUNDS = 3;
const TURN_SECONDS = 30;

const args = process.argv.slice(2);
const only = args.find((arg) => !arg.startsWith('--')) ?? '';
const contestants = servers.filter(({ name }) => name.includes(only));
const folder = await mkdtemp(join(tmpdir(), 'walt-bench-'));
const hosts = new TwoHosts();
// Servers and clients inherit it: what else the machine does shows less in times of a few milliseconds.
setPriority(-20);
const tidy = async () => {
  await hosts.close();
  await rm(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => tidy().finally(() => process.exit(1)));
}
try {
  const programs = await unpackPackages(PACKAGES, folder);
  await hosts.open(['10.99.0.1']);
  await hosts.ask(['ip', 'route', 'add', '255.255.255.255', 'dev', 'cable'], 10);
  const rate = await measure({ clients: 1000, atOnce: 100 }, programs);
  const slowest = await measure({ clients: 1500, perSecond: 1000 }, programs);
  const text = `${describeMachine()}\n\n${rateTable(rate)}\n\n${slowestTable(slowest)}`;
  console.log(text);
  if (args.includes('--write')) await writeSection('bench dhcp', text);
} finally {
  await tidy();
}

function rateTable(measured: readonly Measured[]): string {
  const title = '1,000 new clients, 100 at once';
  return markdownTable([{ title, unit: 'leases/s', better: 'more', aim: 1, measured }]);
}

function slowestTable(measured: readonly Measured[]): string {
  return limitTable({ title: '1,000 requests/s, p99', unit: 'ms', below: 10, measured });
}

async function measure(wish: Omit<Wish, 'settleSeconds'>, programs: string): Promise<Measured[]> {
  const once = (server: DhcpContestant) => measureOne(server, wish, programs);
  const measured = await compare(contestants, once, { rounds: ROUNDS });
  console.error(JSON.stringify(measured));
  return measured;
}

/** Every round begins without a lease. */
async function measureOne(
  server: DhcpContestant,
  wish: Omit<Wish, 'settleSeconds'>,
  programs: string,
): Promise<number> {
  const own = join(folder, server.name.replace(' ', '-'));
  await forgetLeases(own);
  const running = await hosts.serve(await server.command({ folder: own, programs }));
  try {
    const { settleSeconds } = server;
    const program = join(import.meta.dirname, 'clients.ts');
    const argv = [process.execPath, program, JSON.stringify({ ...wish, settleSeconds })];
    return Number(await hosts.ask(argv, TURN_SECONDS));
  } finally {
    await running.stop();
  }
}

/** Of ours only the database goes: the NFS server that it leaves to its nodes runs on, with files in `state/nfs`. */
async function forgetLeases(own: string): Promise<void> {
  const files = [
    'leases',
    'leases.csv',
    ...['', '-wal', '-shm'].map((end) => `state/walt.db${end}`),
  ];
  for (const file of files) await rm(join(own, file), { force: true });
}
