// Programs of the server that reach a device: what is typed to run them. Pure.

/** How long the last answer is waited for. */
const PATIENCE_SECONDS = 1;

/** Asks a device whether it is there, once a second. Status 1 says that nothing came back (ping(8)). */
export function pingCommand(ip: string, count: number): string[] {
  const until = String(count + PATIENCE_SECONDS);
  return ['ping', '-n', '-c', String(count), '-w', until, ip];
}

/** Where a shell is opened, and by what. */
export type SshTarget = {
  readonly ip: string;
  /** the device is known again by it, whatever address it has */
  readonly mac: string;
  /** account on the device */
  readonly user: string;
  /** folder with the server's key; what devices showed of theirs is remembered there */
  readonly folder: string;
  /** 22 unless told */
  readonly port?: number;
};

/**
 * A shell on a device by ssh(1): no configuration of root's counts, nothing of the server is lent to the device. The first time the
 * key of a device is believed; one that has changed is refused.
 */
export function sshCommand({ ip, mac, user, folder, port = 22 }: SshTarget): string[] {
  const options = {
    HostKeyAlias: mac,
    UserKnownHostsFile: knownDevices(folder),
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'accept-new',
    IdentityFile: `${folder}/id_ed25519`,
    IdentitiesOnly: 'yes',
    CheckHostIP: 'no',
    ConnectTimeout: '10',
    ServerAliveInterval: '15',
    EscapeChar: 'none',
    ClearAllForwardings: 'yes',
  };
  const settings = Object.entries(options).flatMap(([key, value]) => [
    '-o',
    `${key}=${quoted(value)}`,
  ]);
  return ['ssh', '-F', 'none', '-a', '-x', ...settings, '-p', String(port), '-l', user, ip];
}

/** The file in which keys of devices are remembered. */
function knownDevices(folder: string): string {
  return `${folder}/known_devices`;
}

/** ssh(1) reads several names where there are spaces, and tokens behind percent signs. */
function quoted(value: string): string {
  return `"${value.replaceAll('%', '%%')}"`;
}
