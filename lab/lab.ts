// A lab for a test: a network of its own, the real server as a process on it, the `walt` command, virtual PCs.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import { stringify } from 'yaml';
import { startVm, type Vm, type VmOptions } from '../agent/machines/vm.ts';
import { waitForText } from '../agent/machines/wait-for-text.ts';
import { createNamespace, type Namespace } from './network/namespace.ts';
import { type ProgramResult, runProgram } from './programs/run-program.ts';
import { watchOver } from './programs/watchdog.ts';

const ROOT = join(import.meta.dirname, '..');
const NODE = join(ROOT, 'node_modules/.bin/node');

export const defaultImage = join(ROOT, 'release/dist/images/pc-x86-64.oci.tar');
export const stick = join(ROOT, 'release/dist/pc-usb.dd.gz');
export const linuxStick = join(ROOT, 'release/dist/pc-usb-linux.dd.gz');

export type Lab = {
  readonly namespace: Namespace;
  readonly folder: string;
  /** Starts the server and waits until it answers. */
  startServer(): Promise<void>;
  /** Ends the server: SIGKILL is the crash, SIGTERM the orderly stop. */
  endServer(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** All that the server has printed up to now. */
  serverLog(): Promise<string>;
  /** Runs the `walt` command; throws unless it ends with 0. */
  walt(...args: string[]): Promise<string>;
  /** Runs the `walt` command, whatever it ends with. */
  tryWalt(...args: string[]): Promise<ProgramResult>;
  /** Runs a command on a node over ssh, with the server's key. */
  ssh(ip: string, command: string): Promise<string>;
  /** Starts a virtual PC from the stick as it ships, `pc-usb.dd.gz` unless another is given. */
  startPc(
    machine: Omit<VmOptions, 'network' | 'serialLog' | 'usbDisk'>,
    archive?: string,
  ): Promise<Vm>;
  /** Starts a virtual PC without the stick. */
  startMachine(machine: Omit<VmOptions, 'network' | 'serialLog'>): Promise<Vm>;
  /** Pulls every plug, ends the server and removes the network. */
  close(): Promise<void>;
};

/** Keys of the server's configuration, beside those that the lab sets. */
export type Settings = Readonly<Record<string, unknown>>;

/** A lab that ends with the test. @param name unlike that of any other test; at most 8 characters */
export async function openLab(
  t: ExecutionContext,
  name: string,
  settings: Settings = {},
): Promise<Lab> {
  const lab = await makeLab(name, settings);
  t.teardown(() => lab.close());
  return lab;
}

/** A lab that its maker must close. */
export async function makeLab(name: string, settings: Settings = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), `walt-lab-${name}-`));
  const network = `walt-lab-${name}-${process.pid}`;
  watchOver({ namespaces: [network], folders: [folder] });
  const namespace = await createNamespace(network);
  const socket = join(folder, 'walt.sock');
  const config = join(folder, 'config.yaml');
  const log = join(folder, 'server.log');
  await writeFile(
    config,
    stringify({ ...settings, state: join(folder, 'state'), api: { socket } }),
  );
  const machines: Vm[] = [];
  let server: ChildProcess | undefined;
  const run = (...argv: string[]) => runProgram(namespace.command(argv), { seconds: 900 });
  const serverLog = () => readFile(log, 'utf8').catch(() => '');

  const tryWalt = (...args: string[]) =>
    runProgram(['env', `WALT_SOCKET=${socket}`, NODE, join(ROOT, 'agent/cli/main.ts'), ...args], {
      seconds: 900,
    });
  const endServer = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (server === undefined || server.exitCode !== null) return;
    const closed = once(server, 'close');
    server.kill(signal);
    await closed;
    server = undefined;
  };
  const startMachine: Lab['startMachine'] = async (machine) => {
    const serialLog = join(folder, `${machine.name}.log`);
    await mkdir(join(folder, machine.name), { recursive: true });
    const vm = await startVm({ ...machine, network: namespace, serialLog });
    machines.push(vm);
    return vm;
  };
  const program = [NODE, join(ROOT, 'agent/main.ts'), '--config', config];

  return {
    namespace,
    folder,
    endServer,
    serverLog,
    tryWalt,
    async startServer() {
      const before = (await serverLog()).length;
      const [file = '', ...args] = namespace.command(program);
      server = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const output = createWriteStream(log, { flags: 'a' });
      server.stdout?.pipe(output, { end: false });
      server.stderr?.pipe(output, { end: false });
      await waitForText(serverLog, /^ready$/m, { what: 'the server', seconds: 60, after: before });
    },
    async walt(...args) {
      const result = await tryWalt(...args);
      if (result.code !== 0) throw new Error(`walt ${args.join(' ')}: ${result.said}`);
      return result.said;
    },
    async ssh(ip, command) {
      const key = join(folder, 'state/ssh/id_ed25519');
      const options = [
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'LogLevel=ERROR',
      ];
      const result = await run(
        ...['ssh', '-i', key, ...options.flatMap((option) => ['-o', option])],
        ...['-o', 'BatchMode=yes', `root@${ip}`, command],
      );
      if (result.code !== 0)
        throw new Error(`ssh ${ip} ${command}: status ${result.code}: ${result.said}`);
      return result.stdout.toString();
    },
    startMachine,
    async startPc(machine, archive = stick) {
      const usbDisk = join(folder, 'stick.img');
      await pipeline(createReadStream(archive), createGunzip(), createWriteStream(usbDisk));
      return await startMachine({ ...machine, usbDisk });
    },
    async close() {
      for (const vm of machines) await vm.stop();
      await endServer('SIGTERM');
      await run(...program, '--stop-nfs');
      await namespace.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Asks again and again until `isSo`, with a bound; the last answer otherwise explains the failure. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isSo: (answer: Answer) => boolean,
  seconds: number,
): Promise<Answer> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > end) {
      throw new Error(`Not so within ${seconds} s; the last answer was ${JSON.stringify(answer)}`);
    }
    await sleep(250);
  }
}
