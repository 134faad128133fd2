/**
 * `npm run bench:api -- [--write] [--rounds N] [--connections N]`: how long the API takes to answer a user while a hostile client opens
 * 10,000 connections to it, beside the same in peace, in turns. The server is the real one, in a network of the bench's own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Lab, makeLab } from '../../lab/lab.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { askedRounds, median } from '../harness/compare.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';

const ROOT = join(import.meta.dirname, '../..');
const ROUNDS = 3;
const CONNECTIONS = 10_000;
const PORT = 8443;
const PEACE_MS = 15_000;
/** How many times longer than in peace it may take. */
const AIM = 5;

/** Milliseconds of each request that was answered, and how many were not. */
type Heard = {
  readonly fresh: readonly number[];
  readonly kept: readonly number[];
  readonly failures: number;
};

const ROWS = [
  { title: 'on a connection that stays', key: 'kept' },
  { title: 'on a new connection each', key: 'fresh' },
] as const;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    connections: { type: 'string' },
  },
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
const connections = askedRounds(values.connections) ?? CONNECTIONS;
await requirePrograms(['ip', 'perl']);
await prepare(ROOT);
const lab = await makeLab('apibench', {
  images: { registries: [] },
  api: { listen: [`127.0.0.1:${PORT}`] },
});
const peace: Heard[] = [];
const attack: Heard[] = [];
const seconds: number[] = [];
try {
  await lab.startServer();
  const ask = await makeUser(lab);
  await listen(ask, () => new Promise((resolve) => setTimeout(resolve, 2000)));
  for (let round = 0; round < rounds; round += 1) {
    for (const isAttacked of round % 2 === 0 ? [false, true] : [true, false]) {
      if (isAttacked) attack.push(await listen(ask, hostile));
      else peace.push(await listen(ask, () => new Promise((done) => setTimeout(done, PEACE_MS))));
    }
  }
} finally {
  await lab.close();
}
const what = `${connections.toLocaleString('en')} connections in ${median(seconds).toFixed(0)} s, 200 at a time, of four addresses; the user asks for the nodes from a fifth one`;
const text = [describeMachine(), what, table()].join('\n\n');
console.log(text);
if (values.write) await writeSection('bench api', text);

/** @returns argv of the program of a user who may look */
async function makeUser(lab: Lab): Promise<string[]> {
  await lab.walt('user', 'create', 'vera', '--role', 'viewer');
  const asVera = ['env', 'WALT_USER=vera', ...lab.waltCommand('token', 'create', 'bench')];
  const token = (await succeed(asVera)).stdout.toString().trim();
  const ca = join(lab.folder, 'ca.pem');
  const kept = join(lab.folder, 'state/api/authority.pem');
  await succeed(['openssl', 'x509', '-in', kept, '-out', ca]);
  const program = join(import.meta.dirname, 'honest.ts');
  return [process.execPath, program, `https://127.0.0.1:${PORT}`, token, ca];
}

/** What the user heard while something went on. */
async function listen(ask: readonly string[], during: () => Promise<unknown>): Promise<Heard> {
  const [program = '', ...args] = lab.namespace.command(ask);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  await during();
  child.stdin.end();
  await once(child, 'close');
  const heard = JSON.parse(said) as Heard;
  console.error(`${heard.kept.length + heard.fresh.length} answers, ${heard.failures} failures`);
  return heard;
}

async function hostile(): Promise<void> {
  const program = join(import.meta.dirname, 'hostile.ts');
  const start = performance.now();
  const argv = [process.execPath, program, String(PORT), String(connections)];
  const { stdout } = await succeed(lab.namespace.command(argv), { seconds: 900 });
  seconds.push((performance.now() - start) / 1000);
  console.error(stdout.toString().trim());
}

function table(): string {
  const failed = (runs: readonly Heard[]) => runs.reduce((sum, run) => sum + run.failures, 0);
  const rows = ROWS.flatMap(({ title, key }) =>
    [0.5, 0.95].map((share) => {
      const [calm = 0, hard = 0] = [peace, attack].map((runs) =>
        median(runs.map((run) => quantile(run[key], share))),
      );
      const ratio = hard / calm;
      const name = `${title}, ${share === 0.5 ? 'half' : '95 %'} within`;
      const cells = [calm, hard].map((ms) => `${ms.toFixed(1)} ms`);
      const met = share === 0.5 ? [`≤ ${AIM.toFixed(1)}`, ratio <= AIM ? 'yes' : 'no'] : ['', ''];
      return [name, ...cells, ratio.toFixed(2), ...met];
    }),
  );
  const failures = [String(failed(peace)), String(failed(attack)), '', '0'];
  const isMet = failed(attack) === 0 ? 'yes' : 'no';
  const head = ['answers', 'in peace', 'under attack', 'ratio', 'aim', 'met'];
  return plainTable(head, [...rows, ['without an answer', ...failures, isMet]]);
}

function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
