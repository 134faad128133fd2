// What a switch says of itself, as far as the server asks.

/** A port of a switch, by its number in the bridge: the one on its front, as a rule. */
export type PortFacts = {
  readonly port: number;
  /** as the switch calls it */
  readonly name: string;
  /** index of POWER-ETHERNET-MIB, as `1.7`; undefined of a port without PoE */
  readonly poe?: string;
};

/** Who said by LLDP that it is plugged in. */
export type Neighbour = {
  /** undefined where it names itself by something else */
  readonly mac?: string;
  readonly name: string;
  /** it says that it is a bridge, and works as one */
  readonly isBridge: boolean;
};

/** One switch at one moment. */
export type SwitchFacts = {
  /** MACs that it has of its own, besides the one that walt-net knows it by */
  readonly own: readonly string[];
  readonly ports: readonly PortFacts[];
  /** what has been seen behind each port not long ago */
  readonly stations: ReadonlyMap<number, readonly string[]>;
  readonly neighbours: ReadonlyMap<number, Neighbour>;
};

/** Behind which port something is. */
export type Place = {
  /** MAC of the switch */
  readonly switch: string;
  readonly port: number;
};
