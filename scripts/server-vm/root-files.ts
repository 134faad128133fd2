// What the root file system of the server VM has beside its packages: a name, a way in, and nothing that takes time in vain.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The first card, by which whoever started the machine comes in. */
export const SERVER_VM_ADDRESS = { mac: '52:54:00:5e:00:01', address: '10.152.0.2/24' } as const;

const { mac, address } = SERVER_VM_ADDRESS;
const FILES: Readonly<Record<string, string>> = {
  'etc/hostname': 'server-vm\n',
  'etc/hosts': '127.0.0.1 localhost server-vm\n',
  // Any number: without one the first start counts as that of a new system, which enables all units.
  'etc/machine-id': '5e5e5e5e5e5e4e5e8e5e5e5e5e5e5e5e\n',
  // mmdebstrap leaves the name server of the machine that built it, which nobody reaches from here: rpcbind waits for its answers.
  'etc/resolv.conf': '',
  'etc/systemd/network/10-way-in.network': `[Match]\nMACAddress=${mac}\n\n[Network]\nAddress=${address}\nLinkLocalAddressing=no\n`,
  'etc/ssh/sshd_config.d/way-in.conf': 'UseDNS no\nUsePAM no\nPermitRootLogin prohibit-password\n',
  // A log that outlives a power cut.
  'var/log/journal/.keep': '',
};

/** Nobody sits at its console, and it has no way to Debian's mirror. */
const MASKED = [
  ...['getty@tty1.service', 'serial-getty@ttyS0.service', 'systemd-networkd-wait-online.service'],
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'e2scrub_reap.service', 'fstrim.timer'],
];

/** Writes them into the root file system that packages were installed into. */
export async function settleRoot(root: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const units = join(root, 'etc/systemd/system');
  for (const unit of MASKED) await symlink('/dev/null', join(units, unit));
  const networkd = '/lib/systemd/system/systemd-networkd.service';
  await symlink(networkd, join(units, 'multi-user.target.wants/systemd-networkd.service'));
}
