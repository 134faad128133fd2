// Who takes lines of 100 nodes: our server, and rsyslog into a file, as it comes and with each batch on disk as ours has it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLibraries } from '../harness/debian-programs.ts';
import { sendAll } from './nodes.ts';

/** How much is sent. */
export type Amount = { readonly nodes: number; readonly lines: number };

/** Where it works. */
export type Place = { readonly folder: string; readonly programs: string };

/** Seconds until all lines are where they are kept, and those of processors that the program took, with its threads. */
export type Took = { readonly seconds: number; readonly processor: number };

/** Sends all, once. */
export type LogContestant = {
  readonly name: string;
  /** of the lines of the others, where it is so slow that all of them would take minutes */
  readonly part?: number;
  readonly measure: (amount: Amount, place: Place) => Promise<Took>;
};

const OURS = join(import.meta.dirname, 'ours.ts');
const PORT = 12_347;
/** Looks for what has not come for so long: some minutes. */
const MOST_LOOKS = 20_000;
const textOf = (node: number, number: number) =>
  `line ${number} of node ${node}: temperature 21.5, all is well here`;

/** Ours first. */
export const contestants: readonly LogContestant[] = [
  { name: 'walt-server (SQLite, on disk)', measure: measureOurs },
  { name: 'rsyslog → file', measure: (amount, place) => measureRsyslog(amount, place, 'off') },
  {
    name: 'rsyslog → file, on disk',
    part: 0.1,
    measure: (amount, place) => measureRsyslog(amount, place, 'on'),
  },
];

/** @param work gives the seconds that it took */
async function running(
  argv: readonly string[],
  work: (isUp: Promise<unknown>) => Promise<number>,
): Promise<Took> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const seconds = await work(once(child.stdout, 'data'));
    return { seconds, processor: await processorSeconds(child.pid ?? 0) };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

/** With what it took to start. proc(5): utime and stime are the 14th and 15th field, in hundredths of a second. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measureOurs({ nodes, lines }: Amount, { folder }: Place): Promise<Took> {
  const file = join(folder, 'walt.db');
  const head = 'REQ_NEW_INCOMING_LOGS\nbench\nNO_TIMESTAMPS\n';
  const argv = [process.execPath, OURS, file, `${PORT}`, `${nodes}`];
  const took = await running(argv, async (isUp) => {
    await isUp;
    const begun = performance.now();
    // The server closes a connection when its lines are on disk.
    await sendAll({ port: PORT, nodes, lines, head, line: textOf });
    return (performance.now() - begun) / 1000;
  });
  for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
  return took;
}

async function measureRsyslog(
  { nodes, lines }: Amount,
  { folder, programs }: Place,
  sync: 'on' | 'off',
): Promise<Took> {
  const state = join(folder, 'rsyslog');
  const out = join(state, 'out');
  await rm(state, { recursive: true, force: true });
  await mkdir(state);
  await writeFile(join(state, 'conf'), configuration({ state, out, sync }));
  const modules = join(programs, '../lib/x86_64-linux-gnu/rsyslog');
  const options = ['-n', '-f', join(state, 'conf'), '-i', join(state, 'pid'), '-M', modules];
  const argv = withLibraries(programs, [join(programs, 'rsyslogd'), ...options]);
  const line = (node: number, number: number) => `<13>${textOf(node, number)}`;
  const took = await running(argv, async () => {
    await sleep(1000);
    const begun = performance.now();
    await sendAll({ port: PORT, nodes, lines, head: '', line });
    await hasLines(out, nodes * lines);
    return (performance.now() - begun) / 1000;
  });
  return took;
}

/** It says nothing of lines that it has: they are counted in its file. */
async function hasLines(file: string, count: number): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    let found = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) found += 1;
    if (found >= count) return;
    await sleep(10);
  }
  throw new Error(`${file} has not ${count} lines`);
}

function configuration(given: Readonly<Record<'state' | 'out' | 'sync', string>>): string {
  return `global(workDirectory="${given.state}" net.enableDNS="off")
module(load="imtcp" MaxSessions="400")
input(type="imtcp" address="127.0.0.1" port="${PORT}")
template(name="line" type="string" string="%timegenerated:::date-rfc3339% %fromhost-ip% %rawmsg-after-pri%\\n")
action(type="omfile" file="${given.out}" template="line" sync="${given.sync}")
`;
}
