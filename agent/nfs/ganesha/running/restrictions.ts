// What the units of nfs-ganesha and its rpcbind may do, where systemd runs them. Ganesha enters the mounts of rpcbind's unit.

const BOTH: readonly string[] = [
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
  // Both get a /run of their own, ganesha by entering that of rpcbind.
  'RestrictNamespaces=mnt',
  'RestrictRealtime=yes',
  'SystemCallArchitectures=native',
  'SystemCallErrorNumber=EPERM',
];

/** Properties of the unit of rpcbind, systemd.exec(5). docs/decisions/0027-privileges.md says why there are no more. */
export const RPCBIND_RESTRICTIONS: readonly string[] = [
  ...BOTH,
  // A /run of its own; port 111; then it becomes another user.
  'CapabilityBoundingSet=CAP_SYS_ADMIN CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID',
  'ProtectProc=invisible',
  'RestrictAddressFamilies=AF_UNIX AF_INET',
  'RestrictSUIDSGID=yes',
  'SystemCallFilter=@system-service mount umount2 unshare seccomp',
];

/**
 * The same of ganesha. It acts for users of nodes on what they keep, and changes modes, owners and times of files as root: that takes
 * the capabilities of files. What is kept may have set-user-ID files.
 */
export const GANESHA_RESTRICTIONS: readonly string[] = [
  ...BOTH,
  `CapabilityBoundingSet=${[
    ...['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT', 'CAP_SYS_PTRACE', 'CAP_SYS_RESOURCE'],
    ...['CAP_NET_BIND_SERVICE', 'CAP_SETUID', 'CAP_SETGID', 'CAP_DAC_READ_SEARCH'],
    ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_MKNOD'],
  ].join(' ')}`,
  // Which file system is on which disk.
  'DeviceAllow=block-* r',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_NETLINK',
  // Handles of files, and the guard of names.
  'SystemCallFilter=@system-service mount setns unshare open_by_handle_at seccomp pidfd_getfd',
];
