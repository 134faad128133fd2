// How many watts a switch has, and what a port of it takes.
import type { SnmpClient } from '../../snmp/client.ts';
import { POE } from '../../switches/mibs.ts';
import type { PoePort } from './poe-port.ts';

/** Watts that a port may take, by class (IEEE 802.3, table 33-7); a class that is not known counts as 0. */
const WATTS: Readonly<Record<number, number>> = { 1: 15.4, 2: 4, 3: 7, 4: 15.4, 5: 30 };

/** The watts of a port and of its group. */
export type Watts = {
  /** by the class of the port */
  readonly mostWatts: number;
  /** of all ports of the group together; undefined where the switch does not say */
  readonly used: number | undefined;
  /** that the group has left; undefined where the switch does not say */
  readonly free: number | undefined;
};

/** @throws {SnmpError} */
export async function wattsOf(
  client: Pick<SnmpClient, 'get'>,
  { index }: Pick<PoePort, 'index'>,
): Promise<Watts> {
  const [group] = index.split('.');
  const [kind, budget, used] = await client.get([
    `${POE.classification}.${index}`,
    `${POE.budget}.${group}`,
    `${POE.used}.${group}`,
  ]);
  const isTold = typeof budget === 'number' && typeof used === 'number';
  return {
    mostWatts: WATTS[Number(kind)] ?? 15.4,
    used: isTold ? used : undefined,
    free: isTold ? budget - used : undefined,
  };
}

/** What this port takes; undefined where the vendor does not tell of each. @throws {SnmpError} */
export async function ownWattsOf(
  client: Pick<SnmpClient, 'get'>,
  { index }: Pick<PoePort, 'index'>,
): Promise<number | undefined> {
  const [milliwatts] = await client.get([`${POE.ownOfCisco}.${index}`]);
  return typeof milliwatts === 'number' && milliwatts > 0 ? milliwatts / 1000 : undefined;
}
