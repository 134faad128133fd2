// Programs of another architecture run by QEMU's user emulation, which the kernel starts (binfmt_misc).
import { readFile } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';

/** From Go's names of architectures to those of QEMU, and to the machines that run them as they are. */
const ARCHITECTURES: Readonly<Record<string, { qemu: string; nativeOn: readonly string[] }>> = {
  amd64: { qemu: 'x86_64', nativeOn: ['x64'] },
  '386': { qemu: 'i386', nativeOn: ['x64', 'ia32'] },
  arm64: { qemu: 'aarch64', nativeOn: ['arm64'] },
  arm: { qemu: 'arm', nativeOn: ['arm', 'arm64'] },
};

/**
 * @param architecture of an image, as Go names it
 * @throws {ImageError} if this machine cannot run programs of it
 */
export async function checkRunnable(
  architecture: string,
  { machine = process.arch as string, folder = '/proc/sys/fs/binfmt_misc' } = {},
): Promise<void> {
  const known = ARCHITECTURES[architecture];
  if (known === undefined || known.nativeOn.includes(machine)) return;
  const handler = await readFile(`${folder}/qemu-${known.qemu}`, 'utf8').catch(() => '');
  if (/^enabled$/m.test(handler)) return;
  throw new ImageError(
    `The image is for ${architecture}, and this server (${machine}) cannot run its programs. ` +
      'Install QEMU user emulation: apt install qemu-user-static binfmt-support',
  );
}
