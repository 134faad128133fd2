// Names of the objects that switches are asked for.

/** BRIDGE-MIB, RFC 4188. Ports are numbers of the bridge; `dot1dBasePortIfIndex` tells their interfaces. */
export const BRIDGE = {
  address: '1.3.6.1.2.1.17.1.1.0',
  interfaceOfPort: '1.3.6.1.2.1.17.1.4.1.2',
  portOfStation: '1.3.6.1.2.1.17.4.3.1.2',
} as const;

/** Q-BRIDGE-MIB, RFC 4363: the index is the number of a table of addresses, and a MAC. */
export const Q_BRIDGE = { portOfStation: '1.3.6.1.2.1.17.7.1.2.2.1.2' } as const;

/** IF-MIB, RFC 2863. */
export const INTERFACES = {
  name: '1.3.6.1.2.1.31.1.1.1.1',
  description: '1.3.6.1.2.1.2.2.1.2',
} as const;

/** LLDP-MIB, IEEE 802.1AB-2005: the index is a time, the local port, and a number. */
export const LLDP = {
  chassisKind: '1.0.8802.1.1.2.1.4.1.1.4',
  chassis: '1.0.8802.1.1.2.1.4.1.1.5',
  portKind: '1.0.8802.1.1.2.1.4.1.1.6',
  port: '1.0.8802.1.1.2.1.4.1.1.7',
  systemName: '1.0.8802.1.1.2.1.4.1.1.9',
  /** what works there, as bits */
  enabled: '1.0.8802.1.1.2.1.4.1.1.12',
} as const;

/** LldpChassisIdSubtype, macAddress(4). */
export const CHASSIS_IS_MAC = 4;

/** LldpPortIdSubtype, macAddress(3). */
export const PORT_IS_MAC = 3;

/** LldpSystemCapabilitiesMap, bridge(2), in the first octet. */
export const IS_BRIDGE = 0x20;

/** POWER-ETHERNET-MIB, RFC 3621: the index of a port is a group and a port of it. */
export const POE = {
  /** TruthValue */
  isEnabled: '1.3.6.1.2.1.105.1.1.1.3',
  detection: '1.3.6.1.2.1.105.1.1.1.6',
  /** one more than the class */
  classification: '1.3.6.1.2.1.105.1.1.1.10',
  /** watts, of a group */
  budget: '1.3.6.1.2.1.105.1.3.1.1.2',
  used: '1.3.6.1.2.1.105.1.3.1.1.4',
  /** milliwatts of a port: cpeExtPsePortPwrConsumption of CISCO-POWER-ETHERNET-EXT-MIB, with the same index */
  ownOfCisco: '1.3.6.1.4.1.9.9.402.1.2.1.9',
} as const;

/** Which physical thing a PoE port is, with the index of POWER-ETHERNET-MIB: cpeExtPsePortEntPhyIndex of CISCO-POWER-ETHERNET-EXT-MIB. */
export const PHYSICAL_OF_POE = '1.3.6.1.4.1.9.9.402.1.2.1.11';

/** ENTITY-MIB, RFC 6933 (entAliasMappingIdentifier): the index is a physical thing and 0, the value the name of its `ifIndex`. */
export const ALIAS_OF_PHYSICAL = '1.3.6.1.2.1.47.1.3.2.1.2';

/** IF-MIB's column `ifIndex`. */
export const IF_INDEX = '1.3.6.1.2.1.2.2.1.1';

/** TruthValue, RFC 2579. */
export const TRUTH = { true: 1, false: 2 } as const;

/** pethPsePortDetectionStatus. */
export const DETECTION: Readonly<Record<number, string>> = {
  1: 'disabled',
  2: 'searching',
  3: 'deliveringPower',
  4: 'fault',
  5: 'test',
  6: 'otherFault',
};
