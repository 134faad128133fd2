// How ssh(1) of the server is called for a node. Pure.

/** What the server knows of a node that it enters. */
export type SshLogin = {
  readonly ip: string;
  /** the host key is looked up by it, whatever address the node has */
  readonly mac: string;
  /** 22 unless told */
  readonly port?: number | undefined;
  /** the server's private key */
  readonly keyFile: string;
  /** holds the host key of this node alone */
  readonly knownHosts: string;
  /** gets what ssh itself has to say, so that it stands in nobody's output */
  readonly log: string;
};

/** What is to run there; without a command the login shell of root. */
export type SshAim =
  | { readonly kind: 'shell'; readonly hasTerminal: boolean }
  | { readonly kind: 'command'; readonly command: string }
  /** connects standard input and output with a TCP port, as the node itself sees it */
  | { readonly kind: 'port'; readonly port: number };

/** Root of a node by the server's key alone: nothing is asked, and nobody but the node that has this host key is believed. */
export function sshCommand(login: SshLogin, aim: SshAim): string[] {
  const options = {
    HostKeyAlias: login.mac,
    UserKnownHostsFile: login.knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    IdentityFile: login.keyFile,
    IdentitiesOnly: 'yes',
    PreferredAuthentications: 'publickey',
    BatchMode: 'yes',
    CheckHostIP: 'no',
    ConnectTimeout: '10',
    ServerAliveInterval: '15',
    EscapeChar: 'none',
    ...(aim.kind === 'port' ? {} : { ClearAllForwardings: 'yes' }),
  };
  const settings = Object.entries(options).flatMap(([key, value]) => [
    ...['-o', `${key}=${quoted(value)}`],
  ]);
  const place = ['-p', String(login.port ?? 22), '-l', 'root'];
  const how = ['-F', 'none', '-a', '-x', '-E', login.log, ...settings, ...place];
  return ['ssh', ...how, ...aimWords(aim, login.ip)];
}

function aimWords(aim: SshAim, ip: string): string[] {
  if (aim.kind === 'shell') return [aim.hasTerminal ? '-tt' : '-T', ip];
  if (aim.kind === 'command') return ['-T', ip, aim.command];
  return ['-W', `127.0.0.1:${aim.port}`, ip];
}

/** ssh(1) reads several names where there are spaces, and tokens behind percent signs. */
function quoted(value: string): string {
  return `"${value.replaceAll('%', '%%')}"`;
}
