// The Debian packages of the server VM: a machine as people have one that becomes a WalT server.

/** All of them, without what they recommend. */
export const SERVER_VM_PACKAGES: readonly string[] = [
  // The machine: systemd, the way in, and what `apt install` of a package needs.
  ...['linux-image-cloud-amd64', 'systemd', 'systemd-sysv', 'udev', 'dbus', 'kmod', 'procps'],
  ...['openssh-server', 'busybox-static', 'netbase', 'ca-certificates', 'curl'],
  // What the server runs.
  ...['iproute2', 'nftables', 'perl', 'util-linux', 'fdisk', 'e2fsprogs', 'dosfstools'],
  ...['openssh-client', 'iputils-ping', 'sqlite3', 'debconf', 'nfs-ganesha', 'nfs-ganesha-vfs'],
  ...['nfs-kernel-server', 'nfs-common', 'rpcbind', 'skopeo', 'buildah', 'netavark'],
  ...['qemu-system-x86', 'ovmf', 'dnsmasq-base'],
  // What its Node.js is linked to.
  ...['libstdc++6', 'libatomic1'],
];
