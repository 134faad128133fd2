// What an input of a build is: from where it comes, which one it is, and how its file is called.

/** A binary package of Debian's main archive; all suites share one pool, so version and architecture find the file. */
export type DebianInput = {
  readonly kind: 'debian';
  readonly suite: string;
  readonly source: string;
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  /** The part of the archive that has it, if not `main`. */
  readonly component?: 'non-free-firmware';
  /** When the archive had it, as snapshot.debian.org names the moment: newer versions push those of sid out of the pool. */
  readonly snapshot?: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
};

/** A file of a source package of Debian's main archive. */
export type DebianSourceInput = {
  readonly kind: 'debian-source';
  readonly suite: string;
  readonly source: string;
  readonly file: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
};

/** A package of the npm registry, as `npm pack` fetches it. */
export type NpmInput = {
  readonly kind: 'npm';
  readonly package: string;
  readonly version: string;
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

/** A file that builds start from, with its SHA-256: a package of Debian or npm, a Debian source package, or any file by its URL. */
export type Input = DebianInput | DebianSourceInput | NpmInput | UrlInput;

/** The name of the input's file in the cache and in a mirror folder: for a package, its name in Debian's pool, or what npm calls it. */
export function fileName(input: Input): string {
  if (input.kind === 'npm') {
    return `${input.package.replace(/^@/, '').replace('/', '-')}-${input.version}.tgz`;
  }
  if (input.kind !== 'debian') return input.file;
  const version = input.version.replace(/^\d+:/, '');
  return `${input.package}_${version}_${input.architecture}.deb`;
}

/** Where the package is below the address of a Debian archive (Debian Policy, "pool"). */
export function poolPath(input: DebianInput | DebianSourceInput): string {
  const { source } = input;
  const component = (input.kind === 'debian' && input.component) || 'main';
  const shelf = source.startsWith('lib') ? source.slice(0, 4) : source.slice(0, 1);
  return `pool/${component}/${shelf}/${source}/${fileName(input)}`;
}

/** The archive as it was at one moment, which keeps what it had: its address, ending in a slash. Undefined where no moment is known. */
export function snapshotOf(input: DebianInput | DebianSourceInput): string | undefined {
  if (input.kind !== 'debian' || input.snapshot === undefined) return undefined;
  return `https://snapshot.debian.org/archive/debian/${input.snapshot}/`;
}
