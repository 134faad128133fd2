// What the units of nfs-ganesha, its rpcbind and its bus may do, where systemd runs them. The others enter the mounts of rpcbind's unit.

const ALL: readonly string[] = [
  'NoNewPrivileges=yes',
  'PrivateMounts=yes',
  'DevicePolicy=closed',
  'KeyringMode=private',
  'LockPersonality=yes',
  'MemoryDenyWriteExecute=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectSystem=full',
  // They have a /run of their own, which is that of rpcbind.
  'RestrictNamespaces=mnt',
  'RestrictRealtime=yes',
  'SystemCallArchitectures=native',
  'SystemCallErrorNumber=EPERM',
];

/**
 * What mount(8) calls: from util-linux 2.39 (Debian 13) on the kernel's newer calls, fsopen(2) and its kind. It takes the older one where the
 * kernel does not know them, but not where they are forbidden.
 */
const MOUNT = 'mount umount2 fsopen fsconfig fsmount fspick move_mount open_tree mount_setattr';

/** Properties of the unit of rpcbind, systemd.exec(5). docs/decisions/0027-privileges.md says why there are no more. */
export const RPCBIND_RESTRICTIONS: readonly string[] = [
  ...ALL,
  // A /run of its own; port 111; then it becomes another user.
  'CapabilityBoundingSet=CAP_SYS_ADMIN CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID',
  'ProtectProc=invisible',
  'RestrictAddressFamilies=AF_UNIX AF_INET',
  'RestrictSUIDSGID=yes',
  `SystemCallFilter=@system-service ${MOUNT} unshare seccomp`,
];

/**
 * The same of ganesha. It acts for users of nodes on what they keep, and changes modes, owners and times of files as root: that takes
 * the capabilities of files. What is kept may have set-user-ID files.
 */
export const GANESHA_RESTRICTIONS: readonly string[] = [
  ...ALL,
  `CapabilityBoundingSet=${[
    ...['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT', 'CAP_SYS_PTRACE', 'CAP_SYS_RESOURCE'],
    ...['CAP_NET_BIND_SERVICE', 'CAP_SETUID', 'CAP_SETGID', 'CAP_DAC_READ_SEARCH'],
    ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_MKNOD'],
  ].join(' ')}`,
  // Which file system is on which disk.
  'DeviceAllow=block-* r',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_NETLINK',
  // Handles of files, and the guard of names.
  `SystemCallFilter=@system-service ${MOUNT} setns unshare open_by_handle_at seccomp pidfd_getfd`,
];

/** The same of the D-Bus daemon, which enters the mounts of rpcbind's unit and then listens there alone. */
export const BUS_RESTRICTIONS: readonly string[] = [
  ...ALL,
  'CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_SYS_PTRACE',
  'RestrictAddressFamilies=AF_UNIX',
  'RestrictSUIDSGID=yes',
  `SystemCallFilter=@system-service ${MOUNT} setns`,
];
