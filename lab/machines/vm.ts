// A virtual machine on a network, started by real firmware (SeaBIOS, OVMF, U-Boot) from a real disk image, or directly
// with a kernel. Its serial console goes to a file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, WaltError } from '../../agent/errors.ts';
import { firmwareRow } from '../../agent/machines/firmware.ts';
import {
  type Connections,
  type Machine,
  qemuArguments,
  qemuProgram,
} from '../../agent/machines/qemu-arguments.ts';
import type { MachineNetwork } from './network.ts';
import { qmp } from './qmp.ts';
import { waitForText } from './wait-for-text.ts';

/** What to start: the machine, where its card is plugged in, and the file its serial console is written to. */
export type VmOptions = Machine & {
  readonly network: MachineNetwork;
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
  /** A command of QEMU's control protocol, such as `system_reset`, `system_powerdown` or `set_link`; see `qmp()`. */
  control(command: string, args?: Record<string, unknown>): Promise<unknown>;
  /** Pulls the plug. */
  stop(): Promise<void>;
};

/**
 * Adds a tap named after the machine to the network and starts QEMU on it.
 * @throws {WaltError} when QEMU does not start or ends at once; the message has what QEMU said. Nothing of it is left then.
 */
export async function startVm(options: VmOptions): Promise<Vm> {
  const { network, serialLog, ...machine } = options;
  await using parts = new AsyncDisposableStack();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'walt-vm-')));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true, mode: 0o700 });
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
  await network.addTap(connections.tap);
  parts.defer(() => network.removeTap(connections.tap));
  const messages = join(folder, 'messages');
  try {
    const child = await spawnQemu(machine, { network, connections, messages });
    parts.defer(() => kill(child));
    await waitForQemu(child, connections.qmp);
    return runningVm(child, connections, parts.move());
  } catch (cause) {
    const said = (await readFile(messages, 'utf8').catch(() => '')).trim() || messageOf(cause);
    throw new WaltError(`Cannot start virtual machine ${machine.name}: ${said}`, { cause });
  }
}

function runningVm(
  child: ChildProcess,
  { qmp: socketPath, serialLog }: Connections,
  parts: AsyncDisposableStack,
): Vm {
  const serial = () => readFile(serialLog, 'latin1');
  let ended: Promise<void> | undefined;
  return {
    pid: child.pid ?? 0,
    serial,
    waitForSerial: (pattern, options) =>
      waitForText(serial, pattern, { what: 'the serial console', ...options }),
    control: (command, args) => qmp(socketPath, command, args),
    stop: () => {
      ended ??= parts.disposeAsync();
      return ended;
    },
  };
}

/** Interface names hold 15 characters: the end of a machine's name tells it from others best. */
function tapName(machine: string): string {
  return `t-${machine.slice(-13)}`;
}

async function spawnQemu(
  machine: Machine,
  options: {
    readonly network: MachineNetwork;
    readonly connections: Connections;
    readonly messages: string;
  },
): Promise<ChildProcess> {
  const [program = '', ...args] = options.network.command([
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
    const status = child.exitCode ?? child.signalCode;
    if (status !== null) throw new WaltError(`QEMU ended with status ${status}`);
    if (await answers(socketPath)) return;
    await sleep(50);
  }
  throw new WaltError('QEMU did not open its control socket within 30 s');
}

/** The socket is there a moment before QEMU listens, and stays behind one that has ended, which is known a moment later. */
async function answers(socketPath: string): Promise<boolean> {
  try {
    await qmp(socketPath, 'query-status');
    return true;
  } catch (reason) {
    const { code } = (reason as WaltError).cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return false;
    throw reason;
  }
}
