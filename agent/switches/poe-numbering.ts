// Which port of POWER-ETHERNET-MIB is which port of the bridge: RFC 3621 §3 leaves that to the vendor. A wrong guess would turn off
// another machine, so that each way of counting has to fit all ports of the switch, and ways that guess have to agree.

/** A port as the bridge counts it. */
export type Counted = {
  readonly port: number;
  readonly interfaceIndex: number | undefined;
  /** as the switch calls it */
  readonly name: string;
};

/** What a switch says of its PoE ports. */
export type Told = {
  /** of POWER-ETHERNET-MIB, as `1.7`: group and port */
  readonly indices: readonly string[];
  /** ifIndex of an index, where the vendor has a table that says it */
  readonly interfaces: ReadonlyMap<string, number>;
  readonly ports: readonly Counted[];
};

/** A way of counting. */
type Numbering = {
  /** what is seen of such a switch */
  readonly symptom: string;
  /** a port counted in this way; undefined where it has no place in it */
  readonly indexOf: (port: Counted, told: Told) => string | undefined;
};

/** Ports with power are on the first card of a member: the kind, the member, the card, the port. */
const JUNOS = /^[a-z]{2}-(\d+)\/0\/(\d+)$/;

/** The switch says it itself. */
const SAID: readonly Numbering[] = [
  {
    symptom: 'a table of the vendor names the interface of each PoE port',
    indexOf: ({ interfaceIndex }, { interfaces }) => {
      const found = [...interfaces].filter(([, one]) => one === interfaceIndex);
      return found.length === 1 ? found[0]?.[0] : undefined;
    },
  },
  {
    symptom: 'names of ports count group and port from 0, as `ge-0/0/6`',
    indexOf: ({ name }) => {
      const [, group, port] = JUNOS.exec(name) ?? [];
      return port === undefined ? undefined : `${Number(group) + 1}.${Number(port) + 1}`;
    },
  },
  {
    symptom: 'names of ports have group and port in them, as `1/0/7`',
    indexOf: ({ name }, { indices }) => {
      if (JUNOS.test(name)) return undefined;
      const [, unit, port] = /(?:^|\D)(\d+)(?:\/\d+)*\/(\d+)$/.exec(name) ?? [];
      if (port === undefined) return undefined;
      const groups = new Set(indices.map(groupOf));
      return groups.size === 1 ? `${[...groups][0]}.${port}` : `${unit}.${port}`;
    },
  },
];

/** What fits by its numbers alone. */
const GUESSED: readonly Numbering[] = [
  {
    symptom: 'one group, and its ports have the numbers of the front',
    indexOf: ({ port }) => `1.${port}`,
  },
  {
    symptom: 'one or several groups, and ports have the numbers of their interfaces',
    indexOf: ({ interfaceIndex }, { indices }) => {
      const found = indices.filter((index) => index.split('.')[1] === `${interfaceIndex}`);
      return found.length === 1 ? found[0] : undefined;
    },
  },
];

/** All ways, in the order in which they are tried. */
export const NUMBERINGS: readonly string[] = [...SAID, ...GUESSED].map(({ symptom }) => symptom);

/**
 * The index of POWER-ETHERNET-MIB of each port that has PoE.
 * @returns empty where no way of counting fits all of them, or two ways fit and differ: then nothing is switched
 */
export function poeIndices(told: Told): Map<number, string> {
  const said = SAID.map((way) => counted(way, told)).find((found) => found !== undefined);
  if (said !== undefined) return said;
  const [first, ...others] = GUESSED.flatMap((way) => counted(way, told) ?? []);
  const isSure = others.every((other) => isSame(first, other));
  return first !== undefined && isSure ? first : new Map();
}

/** Each index has one port; undefined where that is not so. */
function counted({ indexOf }: Numbering, told: Told): Map<number, string> | undefined {
  const known = new Set(told.indices);
  const pairs = told.ports.flatMap((port) => {
    const index = indexOf(port, told);
    return index !== undefined && known.has(index) ? [[port.port, index] as const] : [];
  });
  const isWhole =
    pairs.length === known.size && new Set(pairs.map(([, one]) => one)).size === known.size;
  return isWhole ? new Map(pairs) : undefined;
}

function isSame(one: ReadonlyMap<number, string> | undefined, other: ReadonlyMap<number, string>) {
  return [...other].every(([port, index]) => one?.get(port) === index);
}

function groupOf(index: string): string {
  return index.split('.')[0] ?? '';
}
