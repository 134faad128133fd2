// The pinned inputs of every build: what is taken from elsewhere, in which version, with which content. Nothing else is fetched.

/** A binary package of Debian's main archive; all suites share one pool, so version and architecture find the file. */
export type DebianInput = {
  readonly kind: 'debian';
  readonly suite: string;
  readonly source: string;
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
};

/** A file that only its maker's web server has. */
export type UrlInput = {
  readonly kind: 'url';
  readonly file: string;
  readonly url: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
};

export type Input = DebianInput | UrlInput;

export const inputs = {
  // 1.21.1 of May 2025 or newer: UEFI reads autoexec.ipxe from the stick, and `inc` exists.
  ipxe: {
    kind: 'debian',
    suite: 'trixie',
    source: 'ipxe',
    package: 'ipxe',
    version: '1.21.1+git20250501.dad20602+dfsg-1',
    architecture: 'all',
    sha256: 'eeaca79dbde0fb86c102bf1d362c6f6a67ed0ddab38b3dd12e1b332339f5dd99',
  },
  syslinux: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'syslinux',
    package: 'syslinux',
    version: '3:6.04~git20190206.bf6db5b4+dfsg1-3+b1',
    architecture: 'amd64',
    sha256: '07a34a8b09e19ef44285d45c24aefd1119cf3c1580223cbca0dc58f8dd33ee33',
  },
  // The tools that write the file system are pinned as well: another version may write other bytes.
  mtools: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'mtools',
    package: 'mtools',
    version: '4.0.33-1+really4.0.32-1',
    architecture: 'amd64',
    sha256: '972e0857ff43dbfc4c9255844c97b5d2cb0287720216d04c95b4e7fa483aec99',
  },
  dosfstools: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'dosfstools',
    package: 'dosfstools',
    version: '4.2-1',
    architecture: 'amd64',
    sha256: '71b0471242f7bb777264cdab55c141f1fc043b443105633a38708e125f90c4ea',
  },
} as const satisfies Record<string, Input>;

/** The name of the input's file in the cache and in a mirror folder: for a package, its name in Debian's pool. */
export function fileName(input: Input): string {
  if (input.kind === 'url') return input.file;
  const version = input.version.replace(/^\d+:/, '');
  return `${input.package}_${version}_${input.architecture}.deb`;
}

/** Where the package is below the address of a Debian archive (Debian Policy, "pool"). */
export function poolPath(input: DebianInput): string {
  const { source } = input;
  const shelf = source.startsWith('lib') ? source.slice(0, 4) : source.slice(0, 1);
  return `pool/main/${shelf}/${source}/${fileName(input)}`;
}
