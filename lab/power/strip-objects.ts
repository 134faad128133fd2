// The outlets of a power strip as objects of an SNMP agent, written from the vendors' MIBs: PowerNet-MIB of APC (three generations) and
// PDU2-MIB of Raritan.
import type { SnmpObject } from '../switches/object-tree.ts';

/** A strip with outlets that switch as soon as they are told, but for a cycle: that is off for `offMs`. */
export type Strip = {
  /** by their numbers: whether each gives power */
  readonly outlets: Map<number, boolean>;
  readonly offMs: number;
  /** it takes orders and does nothing */
  readonly isStuck?: boolean;
  /** it refuses orders */
  readonly isReadOnly?: boolean;
  /** it obeys, and its answers to orders get lost */
  readonly losesAnswers?: boolean;
  /** as `3 cycle`, in the order in which they came */
  readonly orders: string[];
};

/** A strip with some outlets that are on. */
export function makeStrip(
  count: number,
  options: Partial<Omit<Strip, 'outlets' | 'orders'>> = {},
): Strip {
  const outlets = Array.from({ length: count }, (_, at) => [at + 1, true] as const);
  return { outlets: new Map(outlets), offMs: 200, orders: [], ...options };
}

/** Objects of every make, of which a driver asks for one. */
export function stripObjects(strip: Strip): SnmpObject[] {
  if (strip.isReadOnly) {
    return stripObjects({ ...strip, isReadOnly: false }).map(({ write: _, ...read }) => read);
  }
  return [...strip.outlets].flatMap(([number, isOn]) => [
    // rPDUOutletControlOutletCommand, rPDUOutletStatusOutletState
    order(`1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.${number}`, isOn ? 1 : 2, apc(strip, number)),
    integer(`1.3.6.1.4.1.318.1.1.12.3.5.1.1.4.${number}`, isOn ? 1 : 2),
    // rPDU2OutletSwitchedControlCommand, rPDU2OutletSwitchedStatusState
    order(`1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.${number}`, 1, apc(strip, number)),
    integer(`1.3.6.1.4.1.318.1.1.26.9.2.3.1.5.${number}`, isOn ? 2 : 1),
    // sPDUOutletCtl
    order(`1.3.6.1.4.1.318.1.1.4.4.2.1.3.${number}`, isOn ? 1 : 2, apc(strip, number)),
    // switchingOperation, outletSwitchingState
    order(`1.3.6.1.4.1.13742.6.4.1.2.1.2.1.${number}`, isOn ? 1 : 0, (value) =>
      obey(strip, number, { 0: 'off', 1: 'on', 2: 'cycle' }[value]),
    ),
    integer(`1.3.6.1.4.1.13742.6.4.1.2.1.3.1.${number}`, isOn ? 7 : 8),
  ]);
}

function apc(strip: Strip, number: number) {
  return (value: number) => obey(strip, number, { 1: 'on', 2: 'off', 3: 'cycle' }[value]);
}

function obey(strip: Strip, number: number, verb = ''): void {
  const { outlets, offMs, isStuck = false, orders } = strip;
  orders.push(`${number} ${verb}`);
  if (isStuck) return;
  outlets.set(number, verb === 'on');
  if (verb === 'cycle') setTimeout(() => outlets.set(number, true), offMs);
}

function integer(oid: string, value: number): SnmpObject {
  return { oid, type: 'Integer', value };
}

function order(oid: string, value: number, write: (value: number) => void): SnmpObject {
  return { ...integer(oid, value), write };
}
