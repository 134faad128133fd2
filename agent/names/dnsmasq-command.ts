// The command that runs dnsmasq for walt-net alone, with as few rights as it can do with.
import type { Subnet } from '../protocol/ip.ts';

/** What dnsmasq reads, in its folder. */
export const FILES = { hosts: 'hosts', servers: 'servers' } as const;

/** UDP and TCP; libc knows no other one. */
export const DNS_PORT = 53;

/** The user and group `nobody`, who owns nothing. */
const NOBODY = '65534';
const MOST_FORWARDED = 500;
const MOST_CACHED = 2000;

/** Where dnsmasq finds its folder: the state is root's alone, so the folder is mounted over one that everybody can reach. */
const PLACE = '/run';

/**
 * It sees its two files in the place of /run (so no socket of this machine either), may write nowhere there, and has an empty /tmp. `$0` is
 * the folder, in which mount(8) is to write nothing (-n).
 */
const OWN_FILES = [
  'mount -n --bind "$0" /run',
  'mount -n -o remount,bind,ro,nosuid,nodev,noexec /run',
  'mount -t tmpfs -o ro,nosuid,nodev,noexec tmpfs /tmp',
  'exec "$@"',
].join(' && ');

const CAPABILITY = '-all,+net_bind_service';

/** A user without rights but the one to open port 53. The kernel ends it when the server ends, even by `kill -9`. */
const FEW_RIGHTS = [
  ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'],
  ...[`--inh-caps=${CAPABILITY}`, `--ambient-caps=${CAPABILITY}`, `--bounding-set=${CAPABILITY}`],
  ...['--pdeathsig', 'KILL'],
];

/** What dnsmasq is to serve. */
export type Served = {
  /** walt-net, with the server's address there */
  readonly subnet: Subnet;
  readonly domain: string;
  /** holds its files; absolute */
  readonly folder: string;
};

/** Argv; the process keeps its number while it becomes dnsmasq. */
export function dnsmasqCommand({ subnet, domain, folder }: Served): string[] {
  const place = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', OWN_FILES, folder];
  return [...place, ...FEW_RIGHTS, 'dnsmasq', ...optionsOf({ subnet, domain })];
}

function optionsOf({ subnet, domain }: Omit<Served, 'folder'>): string[] {
  const { address, network, prefixLength } = subnet;
  const range = `${network}/${prefixLength}`;
  return [
    ...['--keep-in-foreground', '--conf-file=/dev/null', '--pid-file=', '--log-facility=-'],
    // Nothing of other addresses is taken, so that a resolver of this machine may serve those.
    ...[`--listen-address=${address}`, '--bind-interfaces'],
    ...['--no-hosts', `--addn-hosts=${PLACE}/${FILES.hosts}`],
    ...['--no-resolv', '--no-poll', `--servers-file=${PLACE}/${FILES.servers}`],
    // Names without a dot, the domain and addresses of private networks are asked of nobody else.
    ...['--domain-needed', '--bogus-priv', `--local=/${domain}/`, `--rev-server=${range}`],
    // Others do not give names to machines of walt-net. Their other private addresses pass: they may be of the house.
    `--bogus-nxdomain=${range}`,
    ...['--dns-loop-detect', '--no-ident'],
    ...[`--dns-forward-max=${MOST_FORWARDED}`, `--cache-size=${MOST_CACHED}`],
  ];
}
