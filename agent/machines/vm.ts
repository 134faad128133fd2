// A virtual PC on a namespace's bridge, started by real firmware (SeaBIOS or OVMF) from a real disk image, or
// directly with a kernel. Its serial console goes to a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Namespace } from '../../lab/network/namespace.ts';
import { firmwareRow } from './firmware.ts';
import { type Connections, type Machine, qemuArguments, qemuProgram } from './qemu-arguments.ts';
import { qmp } from './qmp.ts';
import { waitForText } from './wait-for-text.ts';

/** What to start: the machine, where its card is plugged in, and the file its serial console is written to. */
export type VmOptions = Machine & {
  readonly namespace: Namespace;
  readonly serialLog: string;
  /** Where QEMU keeps what it needs while it runs; removed by `stop()`. A temporary folder unless given. */
  readonly folder?: string;
};

/** A running virtual machine. */
export type Vm = {
  readonly pid: number;
  /** All that the serial console has shown up to now. */
  serial(): Promise<string>;
  /** Waits until the console, from its `after`th character on, matches; returns the whole console text. */
  waitForSerial(
    pattern: RegExp,
    options: { readonly seconds: number; readonly after?: number },
  ): Promise<string>;
  /** A command of QEMU's control protocol, such as `system_reset`, `system_powerdown` or `set_link`. */
  control(command: string, args?: Record<string, unknown>): Promise<unknown>;
  /** Pulls the plug. */
  stop(): Promise<void>;
};

/** Adds a tap named after the machine and starts QEMU on it. Throws when QEMU ends at once, with what it said. */
export async function startVm(options: VmOptions): Promise<Vm> {
  const { namespace, serialLog, ...machine } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'walt-vm-')));
  await mkdir(folder, { recursive: true });
  const connections = {
    tap: tapName(machine.name),
    vars: join(folder, 'vars.fd'),
    qmp: join(folder, 'qmp'),
    serialLog,
  };
  await writeFile(serialLog, '');
  // UEFI variables are written by the firmware: each machine has its own copy, forgotten with it.
  const { files } = firmwareRow(machine.firmware);
  if (files) await copyFile(files.vars, connections.vars);
  await namespace.addTap(connections.tap);
  const messages = join(folder, 'messages');
  const child = await spawnQemu(machine, { namespace, connections, messages });
  const end = async () => {
    await kill(child);
    await namespace.removeTap(connections.tap);
    await rm(folder, { recursive: true });
  };
  let ended: Promise<void> | undefined;
  const stop = () => {
    ended ??= end();
    return ended;
  };
  try {
    await waitForQemu(child, connections.qmp);
  } catch (cause) {
    const said = await readFile(messages, 'utf8');
    await stop();
    throw new Error(`Cannot start virtual machine ${machine.name}: ${said.trim()}`, { cause });
  }
  const serial = () => readFile(serialLog, 'latin1');
  return {
    pid: child.pid ?? 0,
    serial,
    waitForSerial: (pattern, options) =>
      waitForText(serial, pattern, { what: 'the serial console', ...options }),
    control: (command, args) => qmp(connections.qmp, command, args),
    stop,
  };
}

/** Interface names hold 15 characters: the end of a machine's name tells it from others best. */
function tapName(machine: string): string {
  return `t-${machine.slice(-13)}`;
}

async function spawnQemu(
  machine: Machine,
  options: {
    readonly namespace: Namespace;
    readonly connections: Connections;
    readonly messages: string;
  },
): Promise<ChildProcess> {
  const [program = '', ...args] = options.namespace.command([
    // The machine must not outlive the program that started it, not even one killed by force.
    ...['setpriv', '--pdeathsig', 'KILL', qemuProgram(machine)],
    ...qemuArguments(machine, options.connections),
  ]);
  const messages = await open(options.messages, 'w');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', messages.fd, messages.fd],
  });
  await once(child, 'spawn').finally(() => messages.close());
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** QEMU opens its control socket early, but answers there only once the whole machine is set up. */
async function waitForQemu(child: ChildProcess, socketPath: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`QEMU ended with status ${child.exitCode}`);
    if (await exists(socketPath)) {
      await qmp(socketPath, 'query-status');
      return;
    }
    await sleep(50);
  }
  throw new Error('QEMU did not open its control socket within 30 s');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
