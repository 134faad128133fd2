// The kernel's rules for the server's ports.
import type { Config } from '../../config/config.ts';
import { messageOf } from '../../errors.ts';
import { every } from '../../host/clock/every.ts';
import { DNS_PORT } from '../../names/dnsmasq-command.ts';
import { type Command, Firewall, removeFirewall } from '../../net/firewall/firewall.ts';
import type { FirewallRules, Pace } from '../../net/firewall/rules.ts';
import { LIMITS, type OnLimit } from '../../net/limits/table.ts';
import { NTP_PORT } from '../../net/sntp-server.ts';
import { NFS_PORT } from '../../nfs/clients.ts';
import { MOUNT_PORT } from '../../nfs/ganesha/configuration/config.ts';
import { PORT as PORTMAPPER_PORT } from '../../nfs/ganesha/running/portmapper.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  readonly onLimit: OnLimit;
  readonly problem: Problem;
} & Command;

const LOOK_MS = 10_000;
const NFS_PORTS = [PORTMAPPER_PORT, NFS_PORT, MOUNT_PORT];

/**
 * The rules are in force from here on, until the server ends in order; what a killed one left is replaced. A machine without nftables is
 * told what it lacks, and served all the same.
 * @returns the rules, where they are in force
 */
export async function startFirewall(
  config: Pick<Config, 'network' | 'ports' | 'dns' | 'time'>,
  { address, onLimit, problem, ...command }: Parts,
  services: AsyncDisposableStack,
): Promise<Firewall | undefined> {
  const say = problem('firewall');
  const firewall = new Firewall(rulesOf(config, address), command);
  try {
    await firewall.apply();
  } catch (reason) {
    say(
      `Other networks reach the servers of walt-net, and an address may open NFS connections fast: ${messageOf(reason)}`,
    );
    return undefined;
  }
  services.defer(() => removeFirewall(command));
  const look = async () => {
    const met = await firewall.met().catch(() => undefined);
    for (const { limit, from } of met ?? []) onLimit(limit, from);
    if (met !== undefined) return;
    await firewall.apply();
    say("Somebody took the server's nftables rules away: they are in force again");
  };
  const stop = every(LOOK_MS, look, (reason) => {
    stop();
    say(`The server's nftables rules are gone and cannot be put back: ${messageOf(reason)}`);
  });
  services.defer(stop);
  return firewall;
}

/** A question that nobody answers holds its place for ten seconds: one address holds 300 of 500 at most. */
const NAMES_PACE: Pace = {
  limit: 'names-pace',
  countsUdp: true,
  ports: [DNS_PORT],
  perSecond: LIMITS['names-pace'].perAddress,
  atOnce: 5 * LIMITS['names-pace'].perAddress,
};

function rulesOf(
  { network, ports, dns, time }: Pick<Config, 'network' | 'ports' | 'dns' | 'time'>,
  address: string,
) {
  const named = dns.enabled ? [DNS_PORT] : [];
  const timed = time.enabled ? [NTP_PORT] : [];
  const { perAddress } = LIMITS['nfs-pace'];
  return {
    interface: network.interface,
    address,
    inside: {
      limit: 'other-networks',
      tcp: [...named, ports.http, ports.bootup, ...NFS_PORTS],
      udp: [
        ...[...named, ...timed, ports.tftp, ports.netconsole, ports.syslog],
        ports.console,
        ...[PORTMAPPER_PORT, MOUNT_PORT],
      ],
    },
    paces: [
      { limit: 'nfs-pace', ports: NFS_PORTS, perSecond: perAddress, atOnce: 2 * perAddress },
      ...(dns.enabled ? [NAMES_PACE] : []),
    ],
  } satisfies FirewallRules;
}
