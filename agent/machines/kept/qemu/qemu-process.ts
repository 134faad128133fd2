// The QEMU process of a virtual machine of the server: it outlives the server that started it, and is found again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../../errors.ts';
import { endUnit, hasSystemd, startUnit } from '../../../host/processes/own-unit.ts';
import { endProcess, identify } from '../../../host/processes/process-identity.ts';
import { qmpOption } from '../../qemu-arguments.ts';
import { folderName, type MachineFiles } from '../machine-files.ts';
import { qemuRestrictions } from './qemu-restrictions.ts';
import { type OpenFolder, openMachineFolder, shareWith } from './shared-files.ts';

/** Where QEMU is looked for. System programs lie in sbin, which a user's search path may lack. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin';

/** Column `Flags` of /proc/net/unix: `__SO_ACCEPTCON` (linux/net.h). */
const ACCEPTS = '00010000';

/** Tries of 25 ms. A process that has not said its number by then has ended: on a machine that starts hundreds it may take a second. */
const MOST_TRIES_TO_BEGIN = 400;

/** The process that runs the machine. */
export async function qemuPid(files: MachineFiles): Promise<number | undefined> {
  const found = await ownProcess(files);
  return /qemu-system/.test(found?.program ?? '') ? found?.pid : undefined;
}

/**
 * The process of the pid file, if its command line names the machine's control socket: a later process may have got its number. It is
 * QEMU, or the shell that is about to become it.
 */
async function ownProcess(
  files: MachineFiles,
): Promise<{ readonly pid: number; readonly program: string } | undefined> {
  await using folder = await openMachineFolder(files).catch(() => undefined);
  const text = await folder?.read(basename(files.pid)).catch(() => '');
  const pid = Number(text?.trim());
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words.includes(qmpOption(files.qmp)) ? { pid, program: words[0] ?? '' } : undefined;
}

/**
 * Starts QEMU in a session of its own: in a unit of systemd where systemd runs and looks after this network, so that
 * stopping the server's unit does not end it.
 * @param argv QEMU's program and arguments; it writes what it says into a file
 * @param user who it is in its unit, and gets the machine's files
 * @throws {WaltError} if it ends before it listens at its control socket; the message has what it said
 */
export async function startQemu(
  files: MachineFiles,
  argv: readonly string[],
  user?: string,
): Promise<void> {
  await using folder = await openMachineFolder(files);
  for (const old of [files.qmp, files.pid]) await rm(folder.inside(basename(old)), { force: true });
  if (user !== undefined) await shareWith(user, folder);
  // The process writes its number before it becomes QEMU: the server might die before it could.
  const script = 'pid=$0 out=$1; shift; echo $$ > "$pid" && : > "$out" && exec "$@" >> "$out" 2>&1';
  const words = ['sh', '-c', script, files.pid, files.messages, ...argv];
  if (await hasSystemd()) {
    await startUnit({ ...unitOf(files), restrictions: await qemuRestrictions(user) }, words);
  } else await startDetached(words);
  await waitUntilItListens(files, folder);
}

/** Ends QEMU as a pulled plug would. Nothing happens where it does not run. */
export async function killQemu(files: MachineFiles): Promise<void> {
  const pid = await qemuPid(files);
  const identity = pid === undefined ? undefined : await identify(pid);
  if (identity !== undefined) {
    await kill(identity.pid);
    await endProcess(identity, { graceSeconds: 5 });
  }
  if (await hasSystemd()) await endUnit(unitOf(files));
  await using folder = await openMachineFolder(files).catch(() => undefined);
  if (folder !== undefined) await rm(folder.inside(basename(files.pid)), { force: true });
}

/** The folder is named after the MAC. */
function unitOf({ folder }: MachineFiles) {
  const mac = folder.slice(-folderName('00:00:00:00:00:00').length);
  return { name: `walt-node-${mac}`, description: `Virtual node ${mac} of WalT` };
}

async function kill(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function startDetached(words: readonly string[]): Promise<void> {
  const [program = '', ...args] = words;
  const none = await open('/dev/null', 'r+');
  try {
    const child = spawn(program, args, {
      cwd: '/',
      detached: true,
      env: { PATH },
      stdio: ['ignore', none.fd, none.fd],
    });
    await once(child, 'spawn');
    child.unref();
  } finally {
    await none.close();
  }
}

async function waitUntilItListens(files: MachineFiles, folder: OpenFolder): Promise<void> {
  // A process that becomes another program has no command line for a moment: it is looked at twice.
  let missed = 0;
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await listens(files.qmp)) return;
    const number = await folder.read(basename(files.pid)).catch(() => '');
    const hasBegun = number.endsWith('\n');
    const isOver = hasBegun
      ? (await ownProcess(files)) === undefined
      : tries >= MOST_TRIES_TO_BEGIN;
    missed = isOver ? missed + 1 : 0;
    if (missed > 1) {
      const said = await folder.read(basename(files.messages)).catch(() => '');
      throw new WaltError(said.trim().split('\n').at(-1) || 'QEMU ended at once, and said nothing');
    }
    await sleep(25);
  }
  throw new WaltError('QEMU did not open its control socket within 30 s');
}

/** A socket has its name a moment before it listens. */
async function listens(path: string): Promise<boolean> {
  const sockets = await readFile('/proc/net/unix', 'utf8');
  return sockets
    .split('\n')
    .some((line) => line.endsWith(` ${path}`) && line.split(/\s+/)[3] === ACCEPTS);
}
