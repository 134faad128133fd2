// Which processor a kernel is for, as its header tells, and whether the programs of its image run on it: so that an image
// for a model that nobody here has heard of is checked too.
import { constants, gunzipSync } from 'node:zlib';
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
  const begin = await files.firstBytes(`boot/${model}/kernel`, PACKED_HEADER);
  const kernel = begin && kernelArchitecture(unpackedBegin(begin));
  if (kernel === undefined || !Object.hasOwn(RUNS, architecture)) return [];
  if (RUNS[kernel]?.includes(architecture)) return [];
  return [
    `/boot/${model}/kernel is for ${kernel}, and the image's programs are for ${architecture}: ` +
      `take a kernel for ${architecture}, or build the image for ${kernel} (--platform linux/${kernel})`,
  ];
}

/** More than a header, packed or not. */
const PACKED_HEADER = 4096;

/** U-Boot's `booti` unpacks kernels that gzip packed. @returns what it begins with; the bytes themselves where they are not packed so */
function unpackedBegin(begin: Uint8Array): Uint8Array {
  if (begin[0] !== 0x1f || begin[1] !== 0x8b) return begin;
  try {
    return gunzipSync(begin, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return begin;
  }
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
