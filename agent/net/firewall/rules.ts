// The rules that the server gives the kernel for its own ports, as the text that nft(8) reads: one table of ours, which says nothing
// of other ports, and lets pass what it does not drop. What other tables of the machine drop stays dropped.
import type { LimitName } from '../limits/table.ts';
import { type NatRules, natText } from './nat-rules.ts';

/** What is wanted of the kernel. */
export type FirewallRules = {
  /** that has walt-net */
  readonly interface: string;
  /** the server's there, dotted IPv4 */
  readonly address: string;
  /** Ports of the server where packets of other interfaces are dropped, and noted under this limit. */
  readonly inside: {
    readonly limit: LimitName;
    readonly tcp: readonly number[];
    readonly udp: readonly number[];
  };
  /** How many new TCP connections of one address to these ports pass, or UDP packets; more are dropped, and noted. */
  readonly paces: readonly Pace[];
  /** who reaches other networks, if anybody does */
  readonly nat?: NatRules;
};

/** New connections to all of these ports together. */
export type Pace = {
  readonly limit: LimitName;
  /** each UDP packet to them counts as well: it is a question of its own */
  readonly countsUdp?: true;
  readonly ports: readonly number[];
  readonly perSecond: number;
  /** so many pass at once, after a rest */
  readonly atOnce: number;
};

/** The name of our table, of family `ip`. */
export const TABLE = 'walt';

/** Addresses noted under a limit at a time: a few of them are in the log, however many were made up. */
const MOST_NOTED = 1024;
/** Addresses that are counted at a time; those of a made-up crowd beyond it pass uncounted. */
const MOST_COUNTED = 65_535;

/**
 * Text that replaces our table, all of it in one step, whether there is one or not.
 *
 * Connections are not tracked (`ct`): a machine that does nothing else with them would pay for each packet of ten thousand boards,
 * and drop theirs once its table is full. So `paces` bound how fast connections come, and who serves them how many there are.
 */
export function firewallText(rules: FirewallRules): string {
  const { inside, paces, nat } = rules;
  const limits = [inside.limit, ...paces.map(({ limit }) => limit)];
  return [
    ...removalText(),
    `table ip ${TABLE} {`,
    ...limits.flatMap(notedText),
    ...paces.map(countedText),
    '  chain input {',
    '    type filter hook input priority filter - 1; policy accept;',
    '    iifname "lo" return',
    `    ip daddr != ${rules.address} return`,
    ...insideText(rules),
    ...paces.flatMap(paceText),
    '  }',
    ...(nat === undefined ? [] : natText(rules.interface, nat)),
    '}',
    '',
  ].join('\n');
}

/** Text that takes our table away, whether there is one or not. */
export function removalText(): string[] {
  return [`table ip ${TABLE}`, `delete table ip ${TABLE}`];
}

/** How long it is known of somebody that they met a limit. */
export const NOTED_SECONDS = 60;

/** The chain that drops and counts what meets a limit. */
export function dropChain(limit: LimitName): string {
  return `drop-${limit}`;
}

/** Who met the limit in the last minute; and a chain for its packets. */
function notedText(limit: LimitName): string[] {
  return [
    `  set ${limit} { type ipv4_addr; size ${MOST_NOTED}; flags dynamic, timeout; timeout ${NOTED_SECONDS}s; }`,
    `  chain ${dropChain(limit)} {`,
    `    counter update @${limit} { ip saddr }`,
    '    drop',
    '  }',
  ];
}

function countedText({ limit }: Pace): string {
  return `  set ${limit}-pace { type ipv4_addr; size ${MOST_COUNTED}; flags dynamic, timeout; timeout 1m; }`;
}

function insideText({ interface: name, inside: { limit, tcp, udp } }: FirewallRules): string[] {
  return [
    `    iifname != "${name}" tcp dport { ${tcp.join(', ')} } jump drop-${limit}`,
    `    iifname != "${name}" udp dport { ${udp.join(', ')} } jump drop-${limit}`,
  ];
}

function paceText({ limit, countsUdp, ports, perSecond, atOnce }: Pace): string[] {
  const pace = `limit rate over ${perSecond}/second burst ${atOnce} packets`;
  const counted = `update @${limit}-pace { ip saddr ${pace} } jump drop-${limit}`;
  const to = `dport { ${ports.join(', ')} }`;
  return [
    `    tcp ${to} tcp flags & (fin | syn | rst | ack) == syn ${counted}`,
    ...(countsUdp ? [`    udp ${to} ${counted}`] : []),
  ];
}
