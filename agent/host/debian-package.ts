// Which Debian package brings a program: most are called as their program is.

const PACKAGES: Readonly<Record<string, string>> = {
  cp: 'coreutils',
  dnsmasq: 'dnsmasq-base',
  du: 'coreutils',
  exportfs: 'nfs-kernel-server',
  find: 'findutils',
  ip: 'iproute2',
  losetup: 'mount',
  modprobe: 'kmod',
  nft: 'nftables',
  ping: 'iputils-ping',
  nsenter: 'util-linux',
  perl: 'perl-base',
  service: 'init-system-helpers',
  ssh: 'openssh-client',
  'systemd-notify': 'systemd',
  systemctl: 'systemd',
  'systemd-run': 'systemd',
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
