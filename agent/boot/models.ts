// The models of machines: all that the server must know of them, once. (The builds of media and images know more:
// scripts/boards.ts. A test compares the two.)

/**
 * `pc`: starts by iPXE from a start.ipxe, or by GRUB from a configuration that the server makes of it. `raspberry-pi`: its
 * firmware starts U-Boot, from the card or from this server. `u-boot`: has its own.
 */
export type Family = 'pc' | 'raspberry-pi' | 'u-boot';

/** As an OCI image says it (image-spec, "Image Index": Go's GOARCH, and GOARM as `v5`, `v6` or `v7`). */
export type Platform = { readonly architecture: string; readonly variant?: string };

/** What the server knows of a model. */
export type Model = {
  /** as the boot loader announces it after `walt.node.`; also the folder below /boot of an image */
  readonly name: string;
  readonly family: Family;
  /** platforms whose programs it runs, best first; none where that is not known */
  readonly platforms: readonly Platform[];
  /** the file of the image that its boot loader asks for first */
  readonly startFile: 'start.ipxe' | 'start.uboot';
  /** its firmware may have Secure Boot on, and then starts signed kernels only */
  readonly mayHaveSecureBoot: boolean;
  readonly localStart: LocalStart;
};

/**
 * How a machine starts from its own disk. `loader`: what its loader gets in place of the image's start file does it. `firmware`:
 * the same, and a firmware that asks this server itself goes on to the card when it gets no files. `none`: it cannot, and why.
 */
export type LocalStart =
  | { readonly kind: 'loader' | 'firmware' }
  | { readonly kind: 'none'; readonly why: string };

const AMD64: Platform = { architecture: 'amd64' };
const I386: Platform = { architecture: '386' };
const ARM64: Platform = { architecture: 'arm64' };
const ARM_V7: Platform = { architecture: 'arm', variant: 'v7' };
const ARM_V6: Platform = { architecture: 'arm', variant: 'v6' };
const ARM_V5: Platform = { architecture: 'arm', variant: 'v5' };

const ARM64_RUNS = [ARM64, ARM_V7, ARM_V6, ARM_V5] as const;
const ARMV7_RUNS = [ARM_V7, ARM_V6, ARM_V5] as const;
const ARMV6_RUNS = [ARM_V6, ARM_V5] as const;

/** What holds for every model of a family. */
const families: Readonly<Record<Family, Pick<Model, 'startFile' | 'mayHaveSecureBoot'>>> = {
  pc: { startFile: 'start.ipxe', mayHaveSecureBoot: true },
  'raspberry-pi': { startFile: 'start.uboot', mayHaveSecureBoot: false },
  'u-boot': { startFile: 'start.uboot', mayHaveSecureBoot: false },
};

function row(
  name: string,
  family: Family,
  platforms: readonly Platform[],
  localStart: LocalStart = { kind: 'loader' },
): Model {
  return { name, family, platforms, localStart, ...families[family] };
}

/** Its boot loader is in an EEPROM with the order "network, card, again" (boot-artifacts/rpi/eeprom). */
const CARD_NEXT: LocalStart = { kind: 'firmware' };
/** A board without a network card of its own. */
const NO_DISK: LocalStart = {
  kind: 'none',
  why: 'its only USB port holds its network card, and its SD card is the one of WalT',
};

/** The models that somebody here has heard of. */
export const models: readonly Model[] = [
  row('pc-x86-64', 'pc', [AMD64, I386]),
  row('pc-x86-32', 'pc', [I386]),
  row('pc-arm64', 'pc', ARM64_RUNS),
  row('rpi-b', 'raspberry-pi', ARMV6_RUNS),
  row('rpi-b-plus', 'raspberry-pi', ARMV6_RUNS),
  row('rpi-a', 'raspberry-pi', ARMV6_RUNS, NO_DISK),
  row('rpi-a-plus', 'raspberry-pi', ARMV6_RUNS, NO_DISK),
  row('rpi-zero', 'raspberry-pi', ARMV6_RUNS, NO_DISK),
  row('rpi-2-b', 'raspberry-pi', ARMV7_RUNS),
  row('rpi-3-b', 'raspberry-pi', ARM64_RUNS),
  row('rpi-3-b-plus', 'raspberry-pi', ARM64_RUNS),
  row('rpi-4-b', 'raspberry-pi', ARM64_RUNS, CARD_NEXT),
  row('rpi-400', 'raspberry-pi', ARM64_RUNS, CARD_NEXT),
  row('coral-dev-board', 'u-boot', ARM64_RUNS),
  row('qemu-arm64', 'u-boot', ARM64_RUNS),
  row('qemu-arm', 'u-boot', ARMV7_RUNS),
];

/** Models that nobody here has heard of, told by how their names begin. What comes later runs at least what is below. */
const beginnings: readonly Model[] = [
  row('pc-', 'pc', []),
  row('rpi-', 'raspberry-pi', ARM64_RUNS),
  row('coral-', 'u-boot', ARM64_RUNS),
  row('', 'u-boot', []),
];

/** What is known of a model, whatever its name is: any board may announce one and be served. */
export function modelOf(name: string): Model {
  const known = models.find((model) => model.name === name);
  if (known !== undefined) return known;
  const alike = beginnings.find((model) => name.startsWith(model.name));
  return alike === undefined ? row(name, 'u-boot', []) : { ...alike, name };
}

/** Whether somebody here has heard of the model: anybody on walt-net can announce others. */
export function isKnownModel(name: string): boolean {
  return models.some((model) => model.name === name);
}

/** Architectures (Go's names) whose programs a model runs, best first; none for a model that is not known. */
export function architecturesOf(name: string): readonly string[] {
  return [...new Set(modelOf(name).platforms.map(({ architecture }) => architecture))];
}

/** Whether its processor has the 64-bit mode of x86, which `cpuid --ext 29` tells (AMD64 manual, CPUID Fn8000_0001 EDX). */
export function isLongModeCapable(name: string): boolean {
  return architecturesOf(name).includes('amd64');
}
