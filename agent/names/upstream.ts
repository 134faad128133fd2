// Who is asked for all names that are not of walt-net: the resolvers that the configuration names, or those of this machine.
import { isIP } from 'node:net';

/** As resolv.conf(5) has it. */
const NAMESERVER = /^\s*nameserver\s+(\S+)/gm;
/** `192.0.2.1:5353`, which is no address. */
const WITH_PORT = /^([\d.]+):(\d+)$/;

/** The addresses that the text of a resolv.conf(5) names, without `own`: the server must not ask itself. What is no address is left out. */
export function resolversIn(resolvConf: string, own: string): string[] {
  const found = [...resolvConf.matchAll(NAMESERVER)].map(([, address = '']) => address);
  return [...new Set(found)].filter((address) => isIP(address) !== 0 && address !== own);
}

/**
 * What dnsmasq reads with `--servers-file`.
 * @param resolvers addresses; one of IPv4 may have a port, as `192.0.2.1:5353`
 */
export function serversText(resolvers: readonly string[]): string {
  return resolvers.map((each) => `server=${each.replace(WITH_PORT, '$1#$2')}\n`).join('');
}
