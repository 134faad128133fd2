// Boots a small image as a kernel would, up to its /sbin/init, in namespaces of its own: read-only root, walt-init as
// the first program, and a console that the test reads. Nothing in it can reboot this machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { waitForText } from '../../lab/machines/wait-for-text.ts';
import { watchOver } from '../../lab/programs/watchdog.ts';
import { $ } from '../../scripts/run.ts';
import type { Namespace } from '../support/namespace.ts';
import { OVERLAY_BIN } from './keepers.ts';

export type NodeImage = {
  /** the root file system of the image, until it boots */
  readonly root: string;
  /** Runs a shell command in the root, to change the image. */
  prepare(command: string): Promise<void>;
  /** Boots it, and gives all that its console said once that matches. */
  boot(awaited: RegExp, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Cuts its power. */
  end(): Promise<void>;
  remove(): Promise<void>;
};

/**
 * `init` is the text of the image's /sbin/init; it has the commands of busybox. `programs` are put in with their libraries.
 * `machine` is the namespace that it runs in; without it the image has no network.
 */
export async function createNodeImage(options: {
  readonly init: string;
  readonly cmdline?: string;
  readonly programs?: readonly string[];
  readonly machine?: Namespace;
}): Promise<NodeImage> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-node-image-'));
  watchOver({ folders: [folder] });
  const root = join(folder, 'root');
  await fill(root, options);
  await writeFile(join(folder, 'cmdline'), `${options.cmdline ?? 'quiet'}\n`);
  await $`mkfifo ${folder}/console`;
  const children: ChildProcess[] = [];
  const endAll = async () => {
    for (const child of children.splice(0)) await end(child);
  };
  return {
    root,
    prepare: async (command) => {
      await $({ cwd: root })`sh -ec ${command}`;
    },
    async boot(awaited, env = {}) {
      const console = readConsole(folder);
      children.push(console.reader, start(folder, { env, machine: options.machine }));
      return await waitForText(console.text, awaited, { what: 'console', seconds: 60 });
    },
    end: endAll,
    async remove() {
      await endAll();
      await rm(folder, { recursive: true });
    },
  };
}

async function fill(
  root: string,
  { init, programs = [] }: { readonly init: string; readonly programs?: readonly string[] },
): Promise<void> {
  const folders = ['bin', 'sbin', 'etc', 'root', 'run', 'mnt', 'tmp', 'proc', 'sys', 'dev', 'usr'];
  for (const name of folders) await mkdir(join(root, name), { recursive: true });
  await putBusybox(root);
  for (const program of programs) await putProgram(root, { program, at: `usr/bin/${program}` });
  await cp(OVERLAY_BIN, join(root, 'bin'), { recursive: true });
  const text = `#!/bin/busybox sh\nPATH=/run/walt/keepers/bin\n${init}\nexec sleep 2147483647\n`;
  await writeFile(join(root, 'sbin/init'), text);
  await writeFile(
    join(root, 'bin/test-reboot'),
    '#!/bin/busybox sh\necho rebooted >/dev/console\n',
  );
  for (const script of ['sbin/init', 'bin/test-reboot']) await chmod(join(root, script), 0o755);
}

/** What programs of an image that are busybox's need. */
export async function putBusybox(root: string): Promise<void> {
  await putProgram(root, { program: 'busybox', at: 'bin/busybox' });
}

/** A program of this machine, with what its loader needs. */
async function putProgram(
  root: string,
  { program, at }: { readonly program: string; readonly at: string },
): Promise<void> {
  const source = (await $`sh -c ${`command -v ${program}`}`).stdout.trim();
  await mkdir(dirname(join(root, at)), { recursive: true });
  await cp(source, join(root, at), { dereference: true });
  const libraries = (await $({ nothrow: true })`ldd ${source}`).stdout.match(/\/\S+/g) ?? [];
  for (const library of libraries) {
    await mkdir(dirname(join(root, library)), { recursive: true });
    await cp(library, join(root, library), { dereference: true });
  }
}

function readConsole(folder: string): { reader: ChildProcess; text: () => Promise<string> } {
  // Opened for both, so that no writer waits for us, and no end comes between two of them.
  const reader = spawn('sh', ['-c', 'exec cat <>"$1"', 'sh', join(folder, 'console')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let text = '';
  reader.stdout?.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  return { reader, text: async () => text };
}

const BOOT = `
cd "$1"
mount --bind root root
mount -o remount,bind,ro root
mount -t proc proc root/proc
mount --bind cmdline root/proc/cmdline
mount -t sysfs sys root/sys
mount -t devtmpfs dev root/dev
mount --bind console root/dev/console
cd root
shift
exec chroot . /bin/busybox env -i WALT_REBOOT=/bin/test-reboot WALT_KMSG=/dev/console "$@" /bin/walt-init
`;

function start(
  folder: string,
  {
    env,
    machine,
  }: {
    readonly env: Readonly<Record<string, string>>;
    readonly machine: Namespace | undefined;
  },
): ChildProcess {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const network = machine === undefined ? ['--net'] : [];
  const namespaces = ['--mount', '--pid', ...network, '--uts', '--ipc', '--fork', '--kill-child'];
  const argv = ['unshare', ...namespaces, 'sh', '-ec', BOOT, 'sh', folder, ...variables];
  const [program = '', ...args] = machine === undefined ? argv : machine.command(argv);
  return spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
