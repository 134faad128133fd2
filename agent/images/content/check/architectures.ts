// Which processors the models have: how an image's architecture is told (Go's names) and how an ELF file tells it
// (e_machine, System V ABI).

/** Best first. */
const BY_MODEL: readonly { readonly model: RegExp; readonly architectures: readonly string[] }[] = [
  { model: /^pc-x86-64$/, architectures: ['amd64', '386'] },
  { model: /^pc-x86-32$/, architectures: ['386'] },
  { model: /^rpi-(b|b-plus|zero|a|a-plus)$/, architectures: ['arm'] },
  { model: /^rpi-2-b$/, architectures: ['arm'] },
  { model: /^rpi-/, architectures: ['arm64', 'arm'] },
  { model: /^coral-/, architectures: ['arm64', 'arm'] },
];

/** Architectures that a model can run, best first; none for a model that is not known here. */
export function architecturesOf(model: string): readonly string[] {
  return BY_MODEL.find((row) => row.model.test(model))?.architectures ?? [];
}

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
