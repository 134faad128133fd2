// Which processor a kernel is for, as its header tells, and whether the programs of its image run on it: so that an image
// for a model that nobody here has heard of is checked too.
import type { ImageFiles } from '../files/image-files.ts';

/** Architectures (Go's names) whose programs a kernel runs. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  amd64: ['amd64', '386'],
  386: ['386'],
  arm64: ['arm64', 'arm'],
  arm: ['arm'],
};

/** @returns a sentence where the model's kernel cannot run programs of the architecture, as far as can be told */
export async function kernelMismatch(
  files: ImageFiles,
  { model, architecture }: { readonly model: string; readonly architecture: string },
): Promise<string[]> {
  const header = await files.firstBytes(`boot/${model}/kernel`, 0x240);
  const kernel = header && kernelArchitecture(header);
  if (kernel === undefined || !Object.hasOwn(RUNS, architecture)) return [];
  if (RUNS[kernel]?.includes(architecture)) return [];
  return [
    `/boot/${model}/kernel is for ${kernel}, and the image's programs are for ${architecture}: ` +
      `take a kernel for ${architecture}, or build the image for ${kernel} (--platform linux/${kernel})`,
  ];
}

/**
 * @param header at least the first 576 bytes of a kernel
 * @returns Go's name; undefined for what is no kernel of Linux that a boot loader starts as it is
 */
export function kernelArchitecture(header: Uint8Array): string | undefined {
  if (header.length < 0x240) return undefined;
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.length);
  // Linux, Documentation/arm64/booting.rst: "ARM\x64" in the last field of the header.
  if (bytes.readUInt32LE(56) === 0x644d5241) return 'arm64';
  // A zImage (Linux, arch/arm/boot/compressed/head.S).
  if (bytes.readUInt32LE(0x24) === 0x016f2818) return 'arm';
  // Linux/x86 boot protocol: `header`, `version`, and from 2.12 on bit 0 of `xloadflags`, XLF_KERNEL_64.
  if (bytes.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined;
  if (bytes.readUInt16LE(0x206) < 0x020c) return undefined;
  return (bytes.readUInt16LE(0x236) & 1) === 1 ? 'amd64' : '386';
}
