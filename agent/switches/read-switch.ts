// Asks a switch for its ports and for what is behind them.
import { bytesToMac } from '../protocol/mac.ts';
import type { SnmpClient, SnmpRow } from '../snmp/client.ts';
import { shownOctets } from '../snmp/shown-octets.ts';
import type { Neighbour, PortFacts, SwitchFacts } from './facts.ts';
import { BRIDGE, CHASSIS_IS_MAC, INTERFACES, IS_BRIDGE, LLDP, POE, Q_BRIDGE } from './mibs.ts';
import { poeIndices } from './poe-numbering.ts';

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

async function readPorts(client: Pick<SnmpClient, 'walk'>): Promise<PortFacts[]> {
  const interfaces = numbers(await client.walk(BRIDGE.interfaceOfPort));
  const names = texts(await client.walk(INTERFACES.name));
  const descriptions = texts(await client.walk(INTERFACES.description));
  const power = (await client.walk(POE.isEnabled)).map(({ index }) => index.join('.'));
  const counted = [...interfaces].map(([port, interfaceIndex]) => ({ port, interfaceIndex }));
  const poe = poeIndices(power, counted);
  return counted.map(({ port, interfaceIndex }) => {
    const name = names.get(interfaceIndex) || descriptions.get(interfaceIndex) || `port ${port}`;
    const index = poe.get(port);
    return { port, name, ...(index === undefined ? {} : { poe: index }) };
  });
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

async function readNeighbours(client: Pick<SnmpClient, 'walk'>): Promise<Map<number, Neighbour>> {
  const kinds = new Map(
    (await client.walk(LLDP.chassisKind)).map(({ index, value }) => [index.join('.'), value]),
  );
  const names = new Map(
    (await client.walk(LLDP.systemName)).map(({ index, value }) => [index.join('.'), value]),
  );
  const enabled = new Map(
    (await client.walk(LLDP.enabled)).map(({ index, value }) => [index.join('.'), value]),
  );
  const found = new Map<number, Neighbour>();
  for (const { index, value } of await client.walk(LLDP.chassis)) {
    const port = index[1];
    if (index.length !== 3 || port === undefined || !(value instanceof Uint8Array)) continue;
    const key = index.join('.');
    const name = names.get(key);
    const isMac = kinds.get(key) === CHASSIS_IS_MAC && value.length === 6;
    const bits = enabled.get(key);
    found.set(port, {
      isBridge: bits instanceof Uint8Array && ((bits[0] ?? 0) & IS_BRIDGE) !== 0,
      name: name instanceof Uint8Array ? shownOctets(name) : '',
      ...(isMac ? { mac: bytesToMac(value) } : {}),
    });
  }
  return found;
}

function numbers(rows: readonly SnmpRow[]): Map<number, number> {
  const pairs = rows.map(({ index, value }) => [index[0] ?? 0, Number(value)] as const);
  return new Map(pairs.filter(([, number]) => Number.isInteger(number)));
}

function texts(rows: readonly SnmpRow[]): Map<number, string> {
  return new Map(
    rows.map(({ index, value }) => [
      index[0] ?? 0,
      value instanceof Uint8Array ? shownOctets(value) : '',
    ]),
  );
}
