// Asks a switch who said by LLDP that it is plugged in.
import { bytesToMac } from '../protocol/mac.ts';
import type { SnmpClient, SnmpValue } from '../snmp/client.ts';
import { shownOctets } from '../snmp/shown-octets.ts';
import type { Neighbour } from './facts.ts';
import { CHASSIS_IS_MAC, IS_BRIDGE, LLDP, PORT_IS_MAC } from './mibs.ts';

/** By the number of the port. @throws {SnmpError} */
export async function readNeighbours(
  client: Pick<SnmpClient, 'walk'>,
): Promise<Map<number, Neighbour>> {
  const column = async (base: string): Promise<Map<string, SnmpValue>> =>
    new Map((await client.walk(base)).map(({ index, value }) => [index.join('.'), value]));
  const chassis = await column(LLDP.chassis);
  if (chassis.size === 0) return new Map();
  const chassisKinds = await column(LLDP.chassisKind);
  const ports = await column(LLDP.port);
  const portKinds = await column(LLDP.portKind);
  const names = await column(LLDP.systemName);
  const enabled = await column(LLDP.enabled);
  const found = new Map<number, Neighbour>();
  for (const [key, value] of chassis) {
    const [, port, ...rest] = key.split('.').map(Number);
    if (port === undefined || rest.length !== 1) continue;
    const bits = enabled.get(key);
    const isBridge = bits instanceof Uint8Array && ((bits[0] ?? 0) & IS_BRIDGE) !== 0;
    const ofMachine = macOf(chassisKinds.get(key) === CHASSIS_IS_MAC, value);
    const ofPort = macOf(portKinds.get(key) === PORT_IS_MAC, ports.get(key));
    // Machines name themselves by a text, or by the MAC of another of their cards. A switch has one MAC for each port.
    const mac = isBridge ? (ofMachine ?? ofPort) : (ofPort ?? ofMachine);
    const name = names.get(key);
    found.set(port, {
      isBridge,
      name: name instanceof Uint8Array ? shownOctets(name) : '',
      ...(mac === undefined ? {} : { mac }),
    });
  }
  return found;
}

function macOf(isMac: boolean, value: SnmpValue | undefined): string | undefined {
  return isMac && value instanceof Uint8Array && value.length === 6 ? bytesToMac(value) : undefined;
}
