// Which Debian package brings a program: most are called as their program is.

const PACKAGES: Readonly<Record<string, string>> = {
  'apt-cache': 'apt',
  'apt-get': 'apt',
  cp: 'coreutils',
  dnsmasq: 'dnsmasq-base',
  'dpkg-deb': 'dpkg',
  du: 'coreutils',
  exportfs: 'nfs-kernel-server',
  fallocate: 'util-linux',
  find: 'findutils',
  'ganesha.nfsd': 'nfs-ganesha-vfs',
  ip: 'iproute2',
  losetup: 'mount',
  mcopy: 'mtools',
  mksquashfs: 'squashfs-tools',
  fincore: 'util-linux-extra',
  mke2fs: 'e2fsprogs',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.fat': 'dosfstools',
  modprobe: 'kmod',
  nice: 'coreutils',
  nft: 'nftables',
  ping: 'iputils-ping',
  nsenter: 'util-linux',
  perl: 'perl-base',
  'qemu-system-x86_64': 'qemu-system-x86',
  service: 'init-system-helpers',
  setpriv: 'util-linux',
  sfdisk: 'fdisk',
  ssh: 'openssh-client',
  stty: 'coreutils',
  'systemd-notify': 'systemd',
  systemctl: 'systemd',
  'systemd-run': 'systemd',
  'ssh-keygen': 'openssh-client',
  ss: 'iproute2',
  sync: 'coreutils',
  taskset: 'util-linux',
  tc: 'iproute2',
  umount: 'mount',
  unshare: 'util-linux',
};

/** The name of the package to install where the program is missing. */
export function debianPackageOf(program: string): string {
  return PACKAGES[program] ?? program;
}
