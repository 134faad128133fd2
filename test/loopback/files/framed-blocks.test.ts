// Blocks for many clients leave as frames: real clients get whole files, also where frames do not reach them, and where the server may send none.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { TftpReport } from '../../../agent/net/tftp/server.ts';
import { Background } from '../../../lab/programs/background.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace, plugMachine } from '../../support/namespace.ts';
import { makeBridgeAnew } from '../../support/network/make-anew.ts';

const SERVER = '192.168.152.1';
/** More than have a port of their own, so that all of them share one. */
const CLIENTS = 24;
const FILE = randomBytes(700_001);

type Lab = {
  readonly folder: string;
  readonly host: Namespace;
  readonly machine: Namespace;
  readonly server: Background;
};

async function openLab(
  t: ExecutionContext,
  name: string,
  by: readonly string[] = [],
): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), `walt-${name}-`));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), FILE);
  const host = await createNamespace(`${name}-host`);
  t.teardown(() => host.remove());
  const card = { name: 'card', mac: '52:54:00:00:0d:01', port: 'port' };
  const machine = await plugMachine(host, { name: `${name}-pc`, card });
  t.teardown(() => machine.remove());
  await succeed(machine.command(['ip', 'address', 'add', '192.168.152.9/24', 'dev', 'card']));
  const program = join(import.meta.dirname, '../../support/tftp/server-process.ts');
  const argv = [...by, process.execPath, program, SERVER, folder, 'walt-net'];
  const server = new Background(host.command(argv));
  t.teardown(() => server.kill());
  await server.waitFor(/listening/);
  return { folder, host, machine, server };
}

/** All of them at once, and whether each got the whole file. */
async function readByAll(t: ExecutionContext, { folder, machine }: Lab): Promise<void> {
  const read = async (number: number) => {
    const to = join(folder, `copy-${number}`);
    const from = ['--get', '-r', 'file', '-l', to, SERVER];
    const options = number % 2 === 0 ? [] : ['--option', 'blksize 1428'];
    await succeed(machine.command(['atftp', ...options, ...from]), { seconds: 60 });
    t.true((await readFile(to)).equals(FILE), `client ${number}`);
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => read(number)));
}

async function reportsOf({ server }: Lab): Promise<(TftpReport & { kind: 'transfer' })[]> {
  await server.waitFor(new RegExp(`(?:"kind":"transfer"[^]*?){${CLIENTS}}`));
  const lines = server.said.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line));
}

/** Counts what the host sends by sockets of UDP, in packets of a block: frames are not seen there. */
async function countDatagrams({ host }: Lab): Promise<() => Promise<number>> {
  const rules = `table ip count {
    chain out { type filter hook output priority 0; udp length > 500 counter; }
  }`;
  await succeed(host.command(['/usr/sbin/nft', '-f', '-']), { input: rules });
  return async () => {
    const { said } = await succeed(host.command(['/usr/sbin/nft', 'list', 'table', 'ip', 'count']));
    return Number(/counter packets (\d+)/.exec(said)?.[1]);
  };
}

const blocksOf = (size: number): number => Math.floor(FILE.length / size) + 1;
const BLOCKS = (CLIENTS / 2) * (blocksOf(512) + blocksOf(1428));

test.serial('many clients at once get their blocks as frames, with right checksums', async (t) => {
  const lab = await openLab(t, `ff${process.pid}`);
  t.regex(lab.server.said, /with frames/);
  const datagrams = await countDatagrams(lab);
  const tcpdump = new Background(
    lab.machine.command([
      'tcpdump',
      '-vvnli',
      'card',
      '-B',
      '65536',
      '-s',
      '1600',
      `src ${SERVER} and greater 500`,
    ]),
  );
  t.teardown(() => tcpdump.kill());
  await tcpdump.waitFor(/listening on/);
  await readByAll(t, lab);
  for (const report of await reportsOf(lab)) t.is(report.outcome, 'complete');
  const byDatagram = await datagrams();
  t.true(byDatagram < BLOCKS / 2, `${byDatagram} of ${BLOCKS} blocks were datagrams`);
  // A socket of UDP leaves its checksum to cards, which a cable between namespaces is not: tcpdump calls it bad.
  const right = tcpdump.said.match(/udp sum ok/g)?.length ?? 0;
  t.true(right > BLOCKS / 4, `${right} right checksums of ${BLOCKS} blocks`);
});

test.serial(
  'clients whose card is another one in the middle get whole files all the same',
  async (t) => {
    const lab = await openLab(t, `fm${process.pid}`);
    // The kernel tells the others, as a machine does that takes over an address.
    const notify = 'net.ipv4.conf.card.arp_notify=1';
    await succeed(lab.machine.command(['sysctl', '-q', '-w', notify]));
    const datagrams = await countDatagrams(lab);
    const done = readByAll(t, lab);
    for (let tries = 0; tries < 500 && (await datagrams()) === 0; tries += 1);
    const card = ['ip', 'link', 'set', 'card', 'address', '52:54:00:00:0d:77'];
    await succeed(lab.machine.command(card));
    await done;
    for (const report of await reportsOf(lab)) t.is(report.outcome, 'complete');
  },
);

test.serial('blocks leave as frames also where the interface was made anew', async (t) => {
  const lab = await openLab(t, `fa${process.pid}`);
  await makeBridgeAnew(lab.host, { port: 'port' });
  const datagrams = await countDatagrams(lab);
  await readByAll(t, lab);
  const byDatagram = await datagrams();
  t.true(byDatagram < BLOCKS / 2, `${byDatagram} of ${BLOCKS} blocks were datagrams`);
});

test.serial('where the server may have no packet socket all blocks are datagrams', async (t) => {
  const by = ['setpriv', '--bounding-set', '-net_raw', '--inh-caps', '-net_raw'];
  const lab = await openLab(t, `fu${process.pid}`, by);
  t.regex(lab.server.said, /without frames/);
  const datagrams = await countDatagrams(lab);
  await readByAll(t, lab);
  t.true((await datagrams()) >= BLOCKS - CLIENTS, 'the last block of a file may be short');
});

test.serial(
  'many clients at once get whole files over a line that loses some of the frames',
  async (t) => {
    const lab = await openLab(t, `fl${process.pid}`);
    const rules = `table netdev line {
    chain in { type filter hook ingress device card priority 0; numgen random mod 200 < 1 drop; }
  }`;
    await succeed(lab.machine.command(['/usr/sbin/nft', '-f', '-']), { input: rules });
    await readByAll(t, lab);
    const reports = await reportsOf(lab);
    for (const { outcome } of reports) t.is(outcome, 'complete');
    t.true(reports.some(({ retransmissions }) => retransmissions > 0));
  },
);
