// What the unit of a virtual machine may do. The guest's system is a stranger's: whoever breaks out of QEMU finds little.

import { idsOf } from '../../../host/processes/user-ids.ts';

/** Who QEMU is where the server has a user of its own (release/systemd/walt.sysusers). */
export const NODE_USER = 'walt-node';

/**
 * Properties of a unit, systemd.exec(5). docs/decisions/0027-privileges.md says why there are no more.
 * @param user who QEMU is; without one it begins as root
 */
export async function qemuRestrictions(user: string | undefined): Promise<readonly string[]> {
  if (user === undefined) return [...RESTRICTIONS, ...AS_ROOT];
  const hasKvmGroup = (await idsOf('group', 'kvm')) !== undefined;
  return [
    ...RESTRICTIONS,
    ...[`User=${user}`, `Group=${user}`, 'CapabilityBoundingSet='],
    ...(hasKvmGroup ? ['SupplementaryGroups=kvm'] : []),
    // The server is in its group, to follow consoles and to tell QEMU what to do.
    'UMask=0007',
  ];
}

const AS_ROOT: readonly string[] = [
  // It opens taps of root, then becomes nobody.
  'CapabilityBoundingSet=CAP_NET_ADMIN CAP_SETUID CAP_SETGID',
  'UMask=0077',
];

const RESTRICTIONS: readonly string[] = [
  'NoNewPrivileges=yes',
  'PrivateMounts=yes',
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
];
