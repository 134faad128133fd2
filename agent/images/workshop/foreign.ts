// Programs of another architecture run by QEMU's user emulation, which the kernel starts (binfmt_misc). Systemd tells
// the kernel when a machine starts; in a container or without systemd nobody has, so the server does.
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import { complaintOf } from '../sources/complaint.ts';

/** From Go's names of architectures to those of QEMU, and to the machines that run them as they are. */
const ARCHITECTURES: Readonly<Record<string, { qemu: string; nativeOn: readonly string[] }>> = {
  amd64: { qemu: 'x86_64', nativeOn: ['x64'] },
  '386': { qemu: 'i386', nativeOn: ['x64', 'ia32'] },
  arm64: { qemu: 'aarch64', nativeOn: ['arm64'] },
  arm: { qemu: 'arm', nativeOn: ['arm', 'arm64'] },
};

/** Where the kernel's own file system of handlers has its place. */
const HANDLERS = '/proc/sys/fs/binfmt_misc';

type Options = {
  readonly machine?: string;
  /** where the kernel shows and takes handlers */
  readonly folder?: string;
  /** what packages bring, in the form of binfmt.d(5) */
  readonly descriptions?: string;
};

/**
 * Returns once programs of the architecture can be run in a container.
 * @param architecture of an image, as Go names it
 * @throws {ImageError} if this machine cannot run programs of it
 */
export async function makeRunnable(
  architecture: string,
  { machine = process.arch, folder = HANDLERS, descriptions = '/usr/lib/binfmt.d' }: Options = {},
): Promise<void> {
  const known = ARCHITECTURES[architecture];
  if (known === undefined || known.nativeOn.includes(machine)) return;
  const name = `qemu-${known.qemu}`;
  const handler = join(folder, name);
  try {
    // A unit of systemd may have a /proc of its own, in which they are not to be seen.
    if (folder === HANDLERS) await showHandlers(folder).catch(() => undefined);
    if (!(await exists(handler))) await register(join(descriptions, `${name}.conf`), folder);
    await checkHandler(handler);
  } catch (cause) {
    throw new ImageError(
      `The image is for ${architecture}, and this server (${machine}) cannot run its programs: ${complaintOf(cause)}`,
      [],
      { cause },
    );
  }
}

async function showHandlers(folder: string): Promise<void> {
  if (await exists(join(folder, 'register'))) return;
  // A kernel that has it built in knows no such module.
  await runProgram('modprobe', ['binfmt_misc']).catch(() => undefined);
  await runProgram('mount', ['-t', 'binfmt_misc', 'binfmt_misc', folder]);
}

async function register(description: string, folder: string): Promise<void> {
  const text = await readFile(description, 'utf8').catch(() => undefined);
  const line = text?.split('\n').find((candidate) => candidate.startsWith(':'));
  if (line === undefined) {
    throw new Error('install QEMU user emulation: apt install qemu-user-static');
  }
  await showHandlers(folder);
  await writeFile(join(folder, 'register'), line);
}

/**
 * Form: Documentation/admin-guide/binfmt-misc.rst of the kernel. With flag F the emulator is open already, so that
 * programs in a container find it.
 */
async function checkHandler(handler: string): Promise<void> {
  const text = await readFile(handler, 'utf8');
  if (!/^enabled$/m.test(text)) {
    throw new Error(`its emulator is disabled: echo 1 > ${handler}`);
  }
  if (!/^flags: .*F/m.test(text)) {
    throw new Error(
      `containers do not find the emulator, for ${handler} lacks flag F: apt install qemu-user-static`,
    );
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
