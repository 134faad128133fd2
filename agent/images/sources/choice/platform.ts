// Names of platforms as images have them, and as we compare them.
import type { Platform } from '../../../boot/models.ts';

/** What an index or a configuration says; programs leave out what they take for granted. */
export type ListedPlatform = {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
};

/** Other names of architectures, with the variant that they mean. */
const ALIASES: ReadonlyMap<string, Platform> = new Map(
  Object.entries({
    i386: { architecture: '386' },
    x86_64: { architecture: 'amd64' },
    'x86-64': { architecture: 'amd64' },
    aarch64: { architecture: 'arm64' },
    armhf: { architecture: 'arm', variant: 'v7' },
    armel: { architecture: 'arm', variant: 'v6' },
  }),
);

/** What is meant where no variant is said. */
const USUAL: ReadonlyMap<string, string> = new Map([
  ['amd64', 'v1'],
  ['arm', 'v7'],
  ['arm64', 'v8'],
]);

/**
 * With one name for one thing, as containerd has it (pkg.go.dev/github.com/containerd/platforms, "ARM Support" and
 * "Normalization"): no variant means v7 for arm, v8 for arm64, v1 for amd64.
 */
export function normalised({ architecture = '', variant = '' }: ListedPlatform): Platform {
  const known = ALIASES.get(architecture.toLowerCase());
  const name = known?.architecture ?? architecture.toLowerCase();
  const number = /^\d+$/.test(variant) ? `v${variant}` : variant.toLowerCase();
  const full = [number, known?.variant, USUAL.get(name)].find((each) => each !== '' && each);
  return { architecture: name, ...(full === undefined ? {} : { variant: full }) };
}

/** Whether two names mean the same. */
export function isSame(one: ListedPlatform, other: ListedPlatform): boolean {
  const [left, right] = [normalised(one), normalised(other)];
  return left.architecture === right.architecture && left.variant === right.variant;
}

/** For Linux, as far as it says anything. */
export function isLinux({ os = '' }: ListedPlatform): boolean {
  return os === '' || os.toLowerCase() === 'linux';
}

/** `linux/arm/v7`, as people give it to builders. */
export function platformText({ os = 'linux', architecture, variant }: ListedPlatform): string {
  const parts = [os, architecture ?? 'an unknown processor', variant];
  return parts.filter((part) => part !== undefined && part !== '').join('/');
}
