// The objects of an emulated switch, written from the MIBs: RFC 3418 (system), RFC 2863 (interfaces), RFC 4188 (bridge),
// RFC 4363 (bridge with VLANs), RFC 3621 (PoE), IEEE 802.1AB (LLDP).
import type { SnmpObject } from './object-tree.ts';
import type { EmulatedPort, SwitchState } from './switch-state.ts';

const SYSTEM = '1.3.6.1.2.1.1';
const IF_NAME = '1.3.6.1.2.1.31.1.1.1.1';
const IF_DESCR = '1.3.6.1.2.1.2.2.1.2';
const BRIDGE = '1.3.6.1.2.1.17';
const Q_FDB = '1.3.6.1.2.1.17.7.1.2.2.1';
const PSE_PORT = '1.3.6.1.2.1.105.1.1.1';
const PSE = '1.3.6.1.2.1.105.1.3.1.1';
const LLDP = '1.0.8802.1.1.2.1';
const CISCO_PSE_PORT = '1.3.6.1.4.1.9.9.402.1.2.1';
const ENTITY_ALIAS = '1.3.6.1.2.1.47.1.3.2.1.2';

/** What a write of pethPsePortAdminEnable does. */
export type SetEnabled = (port: number, isEnabled: boolean) => void;

/** All objects, in no order. */
export function switchObjects(state: SwitchState, setEnabled: SetEnabled): SnmpObject[] {
  const ports = [...state.ports];
  return [
    ...system(state),
    ...text(`${BRIDGE}.1.1.0`, octets(state.mac)),
    ...ports.flatMap(([number, port]) => interfaceOf(number, port, state)),
    ...ports.flatMap(([number, port]) => stationsOf(number, port, state)),
    ...ports.flatMap(([number, port]) => neighbourOf(number, port)),
    ...ports.flatMap(([number, port]) => powerOf(number, port, { state, setEnabled })),
    ...budgetOf(state),
  ];
}

function system({ name, product, description, upSeconds }: SwitchState): SnmpObject[] {
  return [
    ...text(`${SYSTEM}.1.0`, description),
    { oid: `${SYSTEM}.2.0`, type: 'OID', value: product },
    { oid: `${SYSTEM}.3.0`, type: 'TimeTicks', value: Math.round(upSeconds() * 100) },
    ...text(`${SYSTEM}.5.0`, name),
  ];
}

function interfaceOf(number: number, { name }: EmulatedPort, state: SwitchState): SnmpObject[] {
  const index = state.interfaceOf(number);
  return [
    integer(`${BRIDGE}.1.4.1.2.${number}`, index),
    ...text(`${IF_DESCR}.${index}`, `Port ${number}`),
    ...text(`${IF_NAME}.${index}`, name),
  ];
}

const LEARNED = 3;
const SELF = 4;

function stationsOf(number: number, { stations }: EmulatedPort, state: SwitchState): SnmpObject[] {
  const own = number === 1 ? entry(state.mac, { port: 0, status: SELF, state }) : [];
  return [
    ...own,
    ...[...stations].flatMap((mac) => entry(mac, { port: number, status: LEARNED, state })),
  ];
}

function entry(
  mac: string,
  options: { readonly port: number; readonly status: number; readonly state: SwitchState },
): SnmpObject[] {
  const { port, status, state } = options;
  const index = [...octets(mac)].join('.');
  if (state.stations === 'BRIDGE-MIB') {
    return [
      integer(`${BRIDGE}.4.3.1.2.${index}`, port),
      integer(`${BRIDGE}.4.3.1.3.${index}`, status),
    ];
  }
  return [integer(`${Q_FDB}.2.1.${index}`, port), integer(`${Q_FDB}.3.1.${index}`, status)];
}

function neighbourOf(number: number, { neighbour, name }: EmulatedPort): SnmpObject[] {
  const local = text(`${LLDP}.3.7.1.3.${number}`, name);
  if (neighbour === undefined) return local;
  const index = `0.${number}.1`;
  return [
    ...local,
    ...namesOf(index, neighbour),
    ...text(`${LLDP}.4.1.1.9.${index}`, neighbour.name),
    // LldpSystemCapabilitiesMap: bridge(2), stationOnly(7)
    ...text(`${LLDP}.4.1.1.12.${index}`, Buffer.of(neighbour.isBridge ? 0x20 : 0x01)),
  ];
}

/** LldpChassisIdSubtype macAddress(4) and local(7), LldpPortIdSubtype macAddress(3) and interfaceName(5). */
function namesOf(index: string, neighbour: NonNullable<EmulatedPort['neighbour']>): SnmpObject[] {
  const { mac, port, chassis = mac } = neighbour;
  const isText = !/^(..:){5}..$/.test(chassis);
  const isByPort = neighbour.chassis !== undefined;
  return [
    integer(`${LLDP}.4.1.1.4.${index}`, isText ? 7 : 4),
    ...text(`${LLDP}.4.1.1.5.${index}`, isText ? chassis : octets(chassis)),
    integer(`${LLDP}.4.1.1.6.${index}`, isByPort ? 3 : 5),
    ...text(`${LLDP}.4.1.1.7.${index}`, isByPort ? octets(mac) : port),
  ];
}

const DISABLED = 1;
const SEARCHING = 2;
const DELIVERING = 3;
const FAULT = 4;

function powerOf(
  number: number,
  { poe }: EmulatedPort,
  { state, setEnabled }: { readonly state: SwitchState; readonly setEnabled: SetEnabled },
): SnmpObject[] {
  if (poe === undefined) return [];
  const index = state.poeIndexOf(number);
  const { fault } = state;
  const isDead = fault === 'loses-power' || !poe.hasLoad;
  const status = poe.isEnabled ? (isDead ? SEARCHING : DELIVERING) : DISABLED;
  const isWritable = fault !== 'read-only';
  return [
    {
      ...integer(`${PSE_PORT}.3.${index}`, poe.isEnabled ? 1 : 2),
      ...(isWritable ? { write: (value) => setEnabled(number, value === 1) } : {}),
    },
    integer(`${PSE_PORT}.6.${index}`, shownStatus(status, fault)),
    integer(`${PSE_PORT}.10.${index}`, poe.classification),
    ...(state.isCisco
      ? ciscoPower(number, { poe, state, isOn: status === DELIVERING || fault === 'keeps-watts' })
      : []),
  ];
}

function shownStatus(status: number, fault: SwitchState['fault']): number {
  if (fault === 'keeps-power') return DELIVERING;
  return fault === 'faulty' && status === DISABLED ? FAULT : status;
}

/** Numbers of physical things have nothing to do with those of ports. */
const FIRST_THING = 1005;

function ciscoPower(
  number: number,
  given: {
    readonly poe: NonNullable<EmulatedPort['poe']>;
    readonly state: SwitchState;
    readonly isOn: boolean;
  },
): SnmpObject[] {
  const { poe, state, isOn } = given;
  const index = state.poeIndexOf(number);
  const thing = FIRST_THING + 2 * number;
  return [
    { oid: `${CISCO_PSE_PORT}.9.${index}`, type: 'Gauge', value: isOn ? poe.watts * 1000 : 0 },
    integer(`${CISCO_PSE_PORT}.11.${index}`, thing),
    {
      oid: `${ENTITY_ALIAS}.${thing}.0`,
      type: 'OID',
      value: `1.3.6.1.2.1.2.2.1.1.${state.interfaceOf(number)}`,
    },
  ];
}

/** Each group has a budget of its own: what the switch has, shared evenly. */
function budgetOf({ ports, budget, poeIndexOf }: SwitchState): SnmpObject[] {
  const powered = [...ports].flatMap(([number, { poe }]) =>
    poe === undefined ? [] : [{ ...poe, group: poeIndexOf(number).split('.')[0] }],
  );
  const groups = [...new Set(powered.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const used = powered
      .filter((one) => one.group === group && one.isEnabled && one.hasLoad)
      .reduce((sum, { watts }) => sum + watts, 0);
    return [
      { oid: `${PSE}.2.${group}`, type: 'Gauge', value: budget / groups.length },
      integer(`${PSE}.3.${group}`, 1),
      { oid: `${PSE}.4.${group}`, type: 'Gauge', value: Math.round(used) },
    ];
  });
}

function octets(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

function integer(oid: string, value: number): SnmpObject {
  return { oid, type: 'Integer', value };
}

function text(oid: string, value: string | Buffer): SnmpObject[] {
  return [{ oid, type: 'OctetString', value }];
}
