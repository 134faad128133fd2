// Asks a switch for its ports and for what is behind them.
import { bytesToMac } from '../protocol/mac.ts';
import type { SnmpClient } from '../snmp/client.ts';
import type { SwitchFacts } from './facts.ts';
import { BRIDGE, Q_BRIDGE } from './mibs.ts';
import { readNeighbours } from './read-neighbours.ts';
import { readPorts } from './read-ports.ts';

/** @throws {SnmpError} */
export async function readSwitch(client: Pick<SnmpClient, 'get' | 'walk'>): Promise<SwitchFacts> {
  const [address] = await client.get([BRIDGE.address]);
  const own = address instanceof Uint8Array && address.length === 6 ? [bytesToMac(address)] : [];
  return {
    own,
    ports: await readPorts(client),
    stations: await readStations(client),
    neighbours: await readNeighbours(client),
  };
}

/** A switch with VLANs has one of the tables alone, as a rule. */
async function readStations(client: Pick<SnmpClient, 'walk'>): Promise<Map<number, string[]>> {
  const rows = [
    ...(await client.walk(Q_BRIDGE.portOfStation)).map((row) => ({ ...row, from: 1 })),
    ...(await client.walk(BRIDGE.portOfStation)).map((row) => ({ ...row, from: 0 })),
  ];
  const stations = new Map<number, Set<string>>();
  for (const { index, value, from } of rows) {
    const octets = index.slice(from);
    // Port 0: learned, and the switch does not say where (RFC 4188, dot1dTpFdbPort).
    if (octets.length !== 6 || octets.some((one) => one > 255) || !(Number(value) > 0)) continue;
    const behind = stations.get(Number(value)) ?? new Set();
    stations.set(Number(value), behind.add(bytesToMac(Uint8Array.from(octets))));
  }
  return new Map([...stations].map(([port, macs]) => [port, [...macs].toSorted()]));
}
