// Which port of POWER-ETHERNET-MIB is which port of the bridge: RFC 3621 §3 leaves that to the vendor. A wrong guess would turn off
// another machine, so that each way of counting has to fit all ports of the switch.

/** A port as the two MIBs count it. */
type Counted = { readonly port: number; readonly interfaceIndex: number | undefined };

/** A way of counting. */
type Numbering = {
  /** what is seen of such a switch */
  readonly symptom: string;
  readonly fits: (indices: readonly string[], ports: readonly Counted[]) => boolean;
  readonly indexOf: (port: Counted) => string;
};

/** In the order in which they are tried. */
const NUMBERINGS: readonly Numbering[] = [
  {
    symptom: 'one group, and its ports have the numbers of the front',
    fits: (indices, ports) => {
      const known = new Set(ports.map(({ port }) => `1.${port}`));
      return indices.every((index) => known.has(index));
    },
    indexOf: ({ port }) => `1.${port}`,
  },
  {
    symptom: 'one group, and its ports have the numbers of their interfaces',
    fits: (indices, ports) => {
      const known = new Set(ports.map(({ interfaceIndex }) => `1.${interfaceIndex}`));
      return indices.every((index) => known.has(index));
    },
    indexOf: ({ interfaceIndex }) => `1.${interfaceIndex}`,
  },
];

/**
 * The index of POWER-ETHERNET-MIB of each port that has PoE.
 * @param indices all that the switch has, as `1.7`
 * @returns empty where no way of counting fits: then nothing is switched
 */
export function poeIndices(
  indices: readonly string[],
  ports: readonly Counted[],
): Map<number, string> {
  const numbering = NUMBERINGS.find(({ fits }) => fits(indices, ports));
  if (numbering === undefined) return new Map();
  const pairs = ports.map((port) => [port.port, numbering.indexOf(port)] as const);
  return new Map(pairs.filter(([, index]) => indices.includes(index)));
}
