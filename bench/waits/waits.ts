// What a user waits for, on a platform that has been used for long.
import { join } from 'node:path';
import type { Lab } from '../../lab/lab.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { median } from '../harness/compare.ts';
import { seconds } from '../harness/seconds.ts';
import { plainTable } from '../harness/table.ts';
import { LINES, makeFullPlatform, NODES } from './full-platform.ts';
import { computing, partOfProcessor } from './processor-time.ts';
import { startedAgain } from './start-again.ts';

const ROOT = join(import.meta.dirname, '../..');
const IDLE_SECONDS = 60;
/** What a server does when it begins is over by then: it asks the network for 16,384 addresses that it may give, 200 a second. */
const SETTLED_SECONDS = 100;

/** Seconds. */
type Row = {
  readonly what: string;
  readonly took: number;
  /** of a command, until its end: what other work on the machine changes least */
  readonly computed?: number;
  readonly aim?: number;
};

/** @returns a table */
export async function measureWaits(rounds: number): Promise<string> {
  const lab = await makeFullPlatform();
  try {
    // The first start gives NFS its exports; later ones find them served.
    await lab.startServer();
    const starts = await ready(lab, rounds);
    const commands = await started(lab, 4 * rounds);
    const exports = await exported(lab);
    const idle = await partOfProcessor(await settled(lab), IDLE_SECONDS);
    const again = await startedAgain(lab.folder, rounds);
    const server = `server started again, until it is ready (${words(NODES)} nodes, ${words(LINES)} lines)`;
    return [
      table(
        [
          ...commands,
          { what: server, took: starts, aim: 0.5 },
          { what: START, took: again },
          ...exports,
        ],
        'median',
      ),
      plainTable(
        ['nothing happens', 'of a processor', 'aim', 'met'],
        [['server', percent(idle), `≤ ${percent(IDLE_AIM)}`, idle <= IDLE_AIM ? 'yes' : 'no']],
      ),
    ].join('\n\n');
  } finally {
    await lab.close();
  }
}

const IDLE_AIM = 0.005;
const START = '`npm start` the second time, without a virtual node';

async function ready(lab: Lab, rounds: number): Promise<number> {
  const took: number[] = [];
  // As its unit has it; the first start keeps what the others find.
  process.env.NODE_COMPILE_CACHE = join(lab.folder, 'compiled');
  for (let round = 0; round <= rounds; round += 1) {
    await lab.endServer('SIGTERM');
    took.push(await seconds(() => lab.startServer()));
  }
  delete process.env.NODE_COMPILE_CACHE;
  return median(took.slice(1));
}

/** In turns, each as a process of its own that finds nothing of an earlier one. */
async function started(lab: Lab, rounds: number): Promise<Row[]> {
  const socket = `WALT_SOCKET=${join(lab.folder, 'walt.sock')}`;
  const walt = ['env', '--unset=NODE_COMPILE_CACHE', socket, join(ROOT, 'release/dist/walt')];
  const commands = [
    { what: '`walt node show`', argv: [...walt, 'node', 'show'], aim: 0.06 },
    {
      what: `\`walt node show --all\`, ${words(NODES)} nodes`,
      argv: [...walt, 'node', 'show', '--all'],
    },
    { what: 'beside it: `node -e 0`', argv: [process.execPath, '-e', '0'] },
    { what: 'beside it: `python3 -c pass`', argv: ['python3', '-c', 'pass'] },
  ];
  const [took, computed] = [0, 1].map(() => commands.map((): number[] => []));
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, { argv }] of commands.entries()) {
      took?.[at]?.push(await seconds(() => succeed(argv)));
      computed?.[at]?.push(await computing(argv));
    }
  }
  return commands.map(({ argv: _, ...row }, at) => ({
    ...{ ...row, took: median(took?.[at] ?? []) },
    computed: median(computed?.[at] ?? []),
  }));
}

/** A service of its own in the same network, while that of the server is off. */
async function exported(lab: Lab): Promise<Row[]> {
  await lab.endServer('SIGTERM');
  await succeed(
    lab.namespace.command([
      process.execPath,
      SERVER,
      '--config',
      join(lab.folder, 'config.yaml'),
      '--stop-nfs',
    ]),
  );
  const argv = [process.execPath, EXPORTS, join(lab.folder, 'alone'), String(NODES)];
  const { said } = await succeed(lab.namespace.command(argv), { seconds: 600 });
  const ms = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Record<
    'added' | 'changed',
    number
  >;
  await lab.startServer();
  return [
    { what: `NFS (ganesha): one more node than ${words(NODES)}`, took: ms.added / 1000, aim: 0.05 },
    { what: 'NFS (ganesha): another image for one of them', took: ms.changed / 1000, aim: 0.1 },
  ];
}

const SERVER = join(ROOT, 'release/dist/walt-server');
const EXPORTS = join(import.meta.dirname, 'serve-exports.ts');

async function settled(lab: Lab): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_SECONDS * 1000));
  return lab.serverPid();
}

function table(rows: readonly Row[], head: string): string {
  return plainTable(
    ['what a user waits for', head, 'of it computing', 'aim', 'met'],
    rows.map(({ what, took, computed, aim }) => [
      ...[what, time(took), computed === undefined ? '' : time(computed)],
      ...aimed(took, aim),
    ]),
  );
}

function aimed(took: number, aim: number | undefined): string[] {
  return aim === undefined ? ['', ''] : [`≤ ${time(aim)}`, took <= aim ? 'yes' : 'no'];
}

function time(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(1)} s`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function words(count: number): string {
  return count.toLocaleString('en');
}
