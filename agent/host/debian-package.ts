// Which Debian package brings a program: most are called as their program is.

const PACKAGES: Readonly<Record<string, string>> = {
  cp: 'coreutils',
  du: 'coreutils',
  exportfs: 'nfs-kernel-server',
  fallocate: 'util-linux',
  find: 'findutils',
  ip: 'iproute2',
  losetup: 'mount',
  'mkfs.ext4': 'e2fsprogs',
  modprobe: 'kmod',
  nft: 'nftables',
  nsenter: 'util-linux',
  service: 'init-system-helpers',
  'ssh-keygen': 'openssh-client',
  ss: 'iproute2',
  sync: 'coreutils',
  umount: 'mount',
  unshare: 'util-linux',
};

/** The name of the package to install where the program is missing. */
export function debianPackageOf(program: string): string {
  return PACKAGES[program] ?? program;
}
