// From what switches have seen to where things are: a machine is behind the port of the last switch before it. Pure.
import type { Place, SwitchFacts } from './facts.ts';

/** Switches by the MACs that walt-net knows them by. */
export type SeenBySwitch = ReadonlyMap<string, SwitchFacts>;

/** Where everything is. */
export type Places = {
  /** of machines and of switches, by their MACs; what is seen behind two ports is not there */
  readonly places: ReadonlyMap<string, Place>;
  /** MACs that are seen behind more than one port */
  readonly disputed: ReadonlySet<string>;
};

/** @param server MAC of the server on walt-net */
export function findPlaces(seen: SeenBySwitch, server: string): Places {
  const aliases = aliasesOf(seen);
  const where = new Map([...seen].map(([mac, facts]) => [mac, portsOf(facts, aliases)]));
  const doubled = new Map([...seen].map(([mac, facts]) => [mac, doubledIn(facts)]));
  const links = new Map([...seen.keys()].map((mac) => [mac, linksOf(mac, seen, server)]));
  const above = new Map([...seen.keys()].map((mac) => [mac, switchesAbove(mac, where, server)]));
  const places = new Map<string, Place>();
  const disputed = new Set<string>();
  const stations = new Set([...where.values()].flatMap((ports) => [...ports.keys()]));
  for (const mac of stations) {
    if (mac === server) continue;
    const claims = seen.has(mac)
      ? nearest(mac, { where, above, server })
      : claimsOf(mac, { where, links, doubled });
    const [claim, ...others] = claims;
    if (claim !== undefined && others.length === 0) places.set(mac, claim);
    if (others.length > 0) disputed.add(mac);
  }
  return { places, disputed };
}

/** Ports of a switch that lead to the server or to another switch, as far as is seen. */
export function linksOf(mac: string, seen: SeenBySwitch, server: string): Set<number> {
  const facts = seen.get(mac);
  if (facts === undefined) return new Set();
  const ports = portsOf(facts, aliasesOf(seen));
  const ends = [server, ...seen.keys()].filter((end) => end !== mac);
  return new Set(ends.flatMap((end) => ports.get(end) ?? []));
}

type Where = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A switch sends by several MACs; each of them stands for the one that walt-net knows it by. */
function aliasesOf(seen: SeenBySwitch): Map<string, string> {
  return new Map([...seen].flatMap(([mac, { own }]) => own.map((alias) => [alias, mac] as const)));
}

/**
 * Behind which port of one switch each MAC is. LLDP says what is plugged in, the table of stations what is behind. Some switches count
 * ports by LLDP in another way than in their tables, as their interfaces: where the two differ LLDP is not believed.
 */
function portsOf(
  { stations, neighbours }: SwitchFacts,
  aliases: ReadonlyMap<string, string>,
): Map<string, number> {
  const learned = new Map(portPairs(stations));
  const told = toldOf(neighbours);
  const isCountedAlike = told.every(
    ([mac, port]) => !learned.has(mac) || stations.get(port)?.includes(mac) === true,
  );
  const all = [...learned, ...(isCountedAlike ? told : [])];
  return new Map(all.map(([mac, port]) => [aliases.get(mac) ?? mac, port]));
}

/** Ports of the MACs that a switch has learned behind several of its ports, as in several VLANs. */
function doubledIn({ stations }: SwitchFacts): Map<string, Set<number>> {
  const first = new Map<string, number>();
  const doubled = new Map<string, Set<number>>();
  for (const [mac, port] of portPairs(stations)) {
    const other = first.get(mac);
    first.set(mac, port);
    if (other === undefined) continue;
    doubled.set(mac, new Set([...(doubled.get(mac) ?? []), other, port]));
  }
  return doubled;
}

function portPairs(stations: SwitchFacts['stations']): (readonly [string, number])[] {
  return [...stations].flatMap(([port, macs]) => macs.map((mac) => [mac, port] as const));
}

function toldOf(neighbours: SwitchFacts['neighbours']): (readonly [string, number])[] {
  return [...neighbours].flatMap(([port, { mac }]) => (mac ? [[mac, port] as const] : []));
}

/** A switch is above another one that it sees elsewhere than towards the server. */
function switchesAbove(mac: string, where: Where, server: string): string[] {
  return [...where].flatMap(([other, ports]) => {
    const port = ports.get(mac);
    return other !== mac && port !== undefined && port !== ports.get(server) ? [other] : [];
  });
}

function nearest(
  mac: string,
  parts: {
    readonly where: Where;
    readonly above: ReadonlyMap<string, readonly string[]>;
    readonly server: string;
  },
): Place[] {
  const candidates = parts.above.get(mac) ?? [];
  const depth = (one: string) => parts.above.get(one)?.length ?? 0;
  const deepest = Math.max(...candidates.map(depth));
  return candidates
    .filter((one) => depth(one) === deepest && !parts.above.get(one)?.includes(mac))
    .map((one) => ({ switch: one, port: parts.where.get(one)?.get(mac) ?? 0 }));
}

function claimsOf(
  mac: string,
  {
    where,
    links,
    doubled,
  }: {
    readonly where: Where;
    readonly links: ReadonlyMap<string, ReadonlySet<number>>;
    readonly doubled: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<number>>>;
  },
): Place[] {
  return [...where].flatMap(([one, ports]) => {
    const port = ports.get(mac);
    const all = doubled.get(one)?.get(mac) ?? (port === undefined ? [] : [port]);
    return [...all]
      .filter((each) => links.get(one)?.has(each) !== true)
      .map((each) => ({ switch: one, port: each }));
  });
}
