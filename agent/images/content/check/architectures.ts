// Which processor a program is for (Go's names), as an ELF file tells it (e_machine, System V ABI).

const BY_ELF_MACHINE: Readonly<Record<number, string>> = {
  3: '386',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
};

/** @param header at least the first 20 bytes of a file @returns undefined for what is no ELF file we know */
export function elfArchitecture(header: Uint8Array): string | undefined {
  const isElf = header[0] === 0x7f && Buffer.from(header.subarray(1, 4)).toString() === 'ELF';
  if (!isElf || header.length < 20) return undefined;
  return BY_ELF_MACHINE[(header[18] ?? 0) + (header[19] ?? 0) * 256];
}
