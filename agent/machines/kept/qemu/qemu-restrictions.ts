// What the unit of a virtual machine may do. The guest's system is a stranger's: whoever breaks out of QEMU finds little.

/** Properties of a unit, systemd.exec(5). docs/decisions/0027-privileges.md says why there are no more. */
export const QEMU_RESTRICTIONS: readonly string[] = [
  'NoNewPrivileges=yes',
  'PrivateMounts=yes',
  // It opens taps of root, then becomes nobody.
  'CapabilityBoundingSet=CAP_NET_ADMIN CAP_SETUID CAP_SETGID',
  'DevicePolicy=closed',
  'DeviceAllow=/dev/net/tun rw',
  'DeviceAllow=/dev/kvm rw',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'LockPersonality=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectProc=invisible',
  'ProtectSystem=full',
  'RestrictAddressFamilies=AF_UNIX AF_INET',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  // It restricts itself further (-sandbox).
  'SystemCallFilter=@system-service seccomp',
  'SystemCallErrorNumber=EPERM',
  'UMask=0077',
];
