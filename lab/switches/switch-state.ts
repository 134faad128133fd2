// How an emulated switch stands.

/** MACs, and how often they have changed. */
export class Stations extends Set<string> {
  // While the set is filled from a list, the field is not there yet.
  changes = 0;

  /** Adds one. */
  override add(mac: string): this {
    this.changes += 1;
    return super.add(mac);
  }

  /** Takes one out. */
  override delete(mac: string): boolean {
    this.changes += 1;
    return super.delete(mac);
  }

  /** Takes all out. */
  override clear(): void {
    this.changes += 1;
    super.clear();
  }
}

/** A port, by its number from 1. */
export type EmulatedPort = {
  /** ifName */
  name: string;
  /** MACs that the switch has learned behind it */
  readonly stations: Stations;
  /** what said by LLDP that it is there */
  neighbour?: {
    readonly mac: string;
    readonly name: string;
    readonly port: string;
    /** it names its port by the MAC, and itself by this: a text, or the MAC of another card */
    readonly chassis?: string;
    /** it says that it is a switch */
    readonly isBridge?: boolean;
  };
  /** undefined of a port without PoE */
  poe?: {
    /** pethPsePortAdminEnable */
    isEnabled: boolean;
    /** a machine that takes power is plugged in */
    hasLoad: boolean;
    /** that it takes */
    watts: number;
    /** pethPsePortPowerClassifications: 1 is class 0 */
    classification: number;
  };
};

/** What a switch does wrong. */
export const FAULTS = [
  /** it answers nothing */
  'silent',
  /** its answers come after the first question was given up */
  'late',
  /** it says that it turned a port off, and the port goes on giving power */
  'keeps-power',
  /** it says that a port is on again, and the port gives no power */
  'loses-power',
  /** it refuses every write */
  'read-only',
  /** a port that it turned off has a fault, and may give power */
  'faulty',
  /** it tells of watts of a port that it turned off */
  'keeps-watts',
  /** its answers to walks never end */
  'endless',
] as const;
/** One of `FAULTS`. */
export type Fault = (typeof FAULTS)[number];

/** The whole switch. */
export type SwitchState = {
  readonly name: string;
  /** of its management, and of its bridge */
  readonly mac: string;
  /** sysObjectID */
  readonly product: string;
  /** sysDescr */
  readonly description: string;
  /** seconds since it started */
  readonly upSeconds: () => number;
  /** which MIB has its stations */
  readonly stations: 'BRIDGE-MIB' | 'Q-BRIDGE-MIB';
  /** ifIndex of a port */
  readonly interfaceOf: (port: number) => number;
  /** index of a port in POWER-ETHERNET-MIB: group and port, as `1.7` */
  readonly poeIndexOf: (port: number) => string;
  /** it has CISCO-POWER-ETHERNET-EXT-MIB, and what ENTITY-MIB says of its ports */
  readonly isCisco: boolean;
  /** watts that all ports may take together */
  readonly budget: number;
  readonly ports: Map<number, EmulatedPort>;
  fault: Fault | undefined;
};
