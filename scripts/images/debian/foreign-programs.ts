// Makes this machine run the programs of an image's architecture: while Debian is being installed, its packages do.
// Where the processor cannot, QEMU's user emulation does, which the kernel has to be told of (binfmt_misc).
import { access, readFile, writeFile } from 'node:fs/promises';
import { $ } from '../../run.ts';

const BINFMT = '/proc/sys/fs/binfmt_misc';

/** Debian's architectures that a processor runs without help. */
const NATIVE: Readonly<Record<string, readonly string[]>> = {
  amd64: ['amd64', 'i386'],
  i386: ['i386'],
  arm64: ['arm64'],
  armhf: ['armhf', 'armel'],
};

/** How QEMU calls the others that we make images for. */
const EMULATED: Readonly<Record<string, string>> = {
  armel: 'arm',
  armhf: 'arm',
  arm64: 'aarch64',
  amd64: 'x86_64',
  i386: 'i386',
};

/** Returns once programs of the architecture can be run. @throws {Error} saying what to do when they cannot. */
export async function enableArchitecture(architecture: string): Promise<void> {
  const { stdout } = await $`dpkg --print-architecture`;
  const emulator = emulatorFor(architecture, stdout.trim());
  if (emulator === undefined) return;
  const name = `qemu-${emulator}`;
  if (await exists(`${BINFMT}/${name}`)) return;
  const description = `/usr/lib/binfmt.d/${name}.conf`;
  if (!(await exists(description))) {
    throw new Error(
      `Cannot build an image of ${architecture} here: ${description} not found. Install the Debian package qemu-user-static.`,
    );
  }
  await register(description, architecture);
}

/** QEMU's name of the architecture to emulate, or undefined where the machine needs no help. */
export function emulatorFor(architecture: string, machine: string): string | undefined {
  if (NATIVE[machine]?.includes(architecture)) return undefined;
  const emulator = EMULATED[architecture];
  if (emulator !== undefined) return emulator;
  throw new RangeError(`Cannot build an image of ${architecture} on a machine of ${machine}`);
}

/** What systemd does when a machine starts; a container or a machine without systemd has nobody who does. */
async function register(description: string, architecture: string): Promise<void> {
  try {
    if (!(await exists(`${BINFMT}/register`))) {
      // A kernel that has it built in knows no such module.
      await $({ nothrow: true })`modprobe binfmt_misc`;
      await $`mount -t binfmt_misc binfmt_misc ${BINFMT}`;
    }
    await writeFile(`${BINFMT}/register`, registrationIn(await readFile(description, 'utf8')));
  } catch (cause) {
    throw new Error(
      `Cannot build an image of ${architecture} here: this machine's kernel does not take ${description}. ` +
        'It needs binfmt_misc, and in a container the right to mount it (docker run --privileged).',
      { cause },
    );
  }
}

/** The line of a file of binfmt.d that the kernel is told. */
export function registrationIn(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.startsWith(':'));
  if (line === undefined) throw new Error('no line begins with a colon');
  return line;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
