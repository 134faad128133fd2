// A lab: a network of its own, the real server as a process on it, the `walt` command, virtual PCs. Everything of it is
// gone when it is closed, and when the process that made it ends.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { stringify } from 'yaml';
import { startVm, type Vm, type VmOptions } from './machines/vm.ts';
import { createNamespace, type Namespace } from './network/namespace.ts';
import { type ProgramResult, runProgram, succeed } from './programs/run-program.ts';
import { ServerProcess } from './programs/server-process.ts';
import { PROGRAMS, type ProgramForm, TESTED_FORM } from './programs/walt-programs.ts';
import { watchOver } from './programs/watchdog.ts';

const ROOT = join(import.meta.dirname, '..');
const NODE = join(ROOT, 'node_modules/.bin/node');
// An emulated machine on a busy computer takes minutes for what others do at once.
const LONG = { seconds: 900 };

/** The default image as it ships. */
export const defaultImage = join(ROOT, 'release/dist/images/pc-x86-64.oci.tar');
/** The stick for PCs as it ships. */
export const stick = join(ROOT, 'release/dist/pc-usb.dd.gz');
/** The stick for PCs whose card only Linux knows, as it ships. */
export const linuxStick = join(ROOT, 'release/dist/pc-usb-linux.dd.gz');

/** A running lab. Its functions throw with what a program said, unless they say otherwise. */
export type Lab = {
  readonly namespace: Namespace;
  readonly folder: string;
  /** Starts the server and waits until it answers. @param build another one than the lab's */
  startServer(form?: ProgramForm): Promise<void>;
  /** Ends the server: SIGKILL is the crash, SIGTERM the orderly stop. */
  endServer(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** A new process of the server takes the place of the one that runs. */
  handOver(): Promise<void>;
  /** Number of the server's process. Throws where none runs. */
  serverPid(): number;
  /** All that the server has printed up to now. */
  serverLog(): Promise<string>;
  /** Runs the `walt` command; throws unless it ends with 0. */
  walt(...args: string[]): Promise<string>;
  /** Runs the `walt` command, whatever it ends with. */
  tryWalt(...args: string[]): Promise<ProgramResult>;
  /** Argv of the `walt` command, for whoever runs it in another way. */
  waltCommand(...args: string[]): string[];
  /** Runs a command on a node over ssh, with the server's key. @param seconds that it may take; 900 unless given */
  ssh(ip: string, command: string, seconds?: number): Promise<string>;
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

type LabOptions = {
  readonly programs?: ProgramForm;
  readonly address?: string;
  /** the clock of the server goes so many times faster than time */
  readonly pace?: number;
  /** `day`: only the time of day, so that real machines have real time for what they load */
  readonly paceOf?: 'all' | 'day';
  /** what comes before the command of the server, made when its folder is there */
  readonly before?: (folder: string) => readonly string[];
};

/**
 * A lab that its maker must close. Its server is not started.
 * @param name of its namespace, unlike that of any other lab of this process; at most 8 characters
 * @param options.programs by default those that are tested; a clock that goes faster takes the sources of the server
 * @param options.address of the server, with the prefix length of its network
 * @param options.pace of the clock of the server
 * @param options.before words that start it, as `env` and `setpriv`
 */
export async function makeLab(
  name: string,
  settings: Settings = {},
  options: LabOptions = {},
): Promise<Lab> {
  const { programs = TESTED_FORM, address = '192.168.152.1/24' } = options;
  const { pace = 1, paceOf = 'all', before = () => [] } = options;
  const usual = pace === 1 ? programs : 'sources';
  const folder = await mkdtemp(join(tmpdir(), `walt-lab-${name}-`));
  const network = `walt-lab-${name}-${process.pid}`;
  watchOver({ namespaces: [network], folders: [folder] });
  const namespace = await createNamespace(network, { address });
  const api = { socket: join(folder, 'walt.sock') };
  const config = join(folder, 'config.yaml');
  const state = join(folder, 'state');
  const ofApi = { ...(settings.api as Settings | undefined), ...api };
  // No machine boots that a test has not started.
  const images = { hotPackTrials: 'never', ...(settings.images as Settings | undefined) };
  const all = { network: { address }, ...settings, images, state, api: ofApi };
  await writeFile(config, stringify(all));
  const programOf = (form: ProgramForm) =>
    namespace.command([
      ...[...atPace(pace, paceOf), ...before(folder)],
      ...[NODE, PROGRAMS[form].server, '--config', config],
    ]);
  const program = programOf(usual);
  const server = new ServerProcess(program, join(folder, 'server.log'));
  const environment = ['env', `WALT_SOCKET=${api.socket}`, NODE];
  const waltCommand = (...args: string[]) => [...environment, PROGRAMS[programs].walt, ...args];
  const machines: Vm[] = [];
  const startMachine: Lab['startMachine'] = async (machine) => {
    const serialLog = join(folder, `${machine.name}.log`);
    await mkdir(join(folder, machine.name), { recursive: true });
    const vm = await startVm({ ...machine, network: namespace, serialLog });
    machines.push(vm);
    return vm;
  };
  return {
    ...{ namespace, folder, startMachine, waltCommand },
    startServer: (form = usual) => server.start(programOf(form)),
    endServer: (signal) => server.end(signal),
    handOver: () => server.handOver(),
    serverPid: () => server.pid,
    serverLog: () => server.log(),
    walt: async (...args) => (await succeed(waltCommand(...args), LONG)).said,
    tryWalt: (...args) => runProgram(waltCommand(...args), LONG),
    ssh: async (ip, command, seconds = LONG.seconds) => {
      const argv = sshCommand(join(folder, 'state/ssh/id_ed25519'), { ip, command });
      return (await succeed(namespace.command(argv), { seconds })).stdout.toString();
    },
    startPc: async (machine, archive = stick) => {
      const usbDisk = join(folder, 'stick.img');
      await pipeline(createReadStream(archive), createGunzip(), createWriteStream(usbDisk));
      return await startMachine({ ...machine, usbDisk });
    },
    close: async () => {
      for (const vm of machines) await vm.stop();
      await server.end('SIGTERM');
      await runProgram([...program, '--stop-nfs'], LONG);
      await namespace.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @returns what stands before the command of a server whose clock goes faster: the sources alone know how */
function atPace(pace: number, of: 'all' | 'day'): string[] {
  if (pace === 1) return [];
  const preload = join(import.meta.dirname, 'healing/fast-clock.ts');
  return ['env', `WALT_LAB_CLOCK=${pace} ${Date.now()} ${of}`, `NODE_OPTIONS=--import=${preload}`];
}

/** Each lab makes its nodes anew: their host keys are known to nobody. */
function sshCommand(
  key: string,
  { ip, command }: { readonly ip: string; readonly command: string },
): string[] {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const words = [...options, 'BatchMode=yes'].flatMap((option) => ['-o', option]);
  return ['ssh', '-i', key, ...words, `root@${ip}`, command];
}
