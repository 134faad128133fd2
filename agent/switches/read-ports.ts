// Asks a switch for its ports, and which of them give power.
import type { SnmpClient, SnmpRow } from '../snmp/client.ts';
import { shownOctets } from '../snmp/shown-octets.ts';
import type { PortFacts } from './facts.ts';
import { ALIAS_OF_PHYSICAL, BRIDGE, IF_INDEX, INTERFACES, PHYSICAL_OF_POE, POE } from './mibs.ts';
import { poeIndices } from './poe-numbering.ts';

/** @throws {SnmpError} */
export async function readPorts(client: Pick<SnmpClient, 'walk'>): Promise<PortFacts[]> {
  const interfaces = numbers(await client.walk(BRIDGE.interfaceOfPort));
  const names = texts(await client.walk(INTERFACES.name));
  const descriptions = texts(await client.walk(INTERFACES.description));
  const indices = (await client.walk(POE.isEnabled)).map(({ index }) => index.join('.'));
  const ports = [...interfaces].map(([port, interfaceIndex]) => {
    const name = names.get(interfaceIndex) || descriptions.get(interfaceIndex) || `port ${port}`;
    return { port, interfaceIndex, name };
  });
  const told = indices.length === 0 ? new Map() : await readInterfacesOfPoe(client);
  const poe = poeIndices({ indices, interfaces: told, ports });
  return ports.map(({ port, name }) => {
    const index = poe.get(port);
    return { port, name, ...(index === undefined ? {} : { poe: index }) };
  });
}

/** Where the vendor says it: a PoE port is a physical thing, which is an interface. */
async function readInterfacesOfPoe(client: Pick<SnmpClient, 'walk'>): Promise<Map<string, number>> {
  const things = await client.walk(PHYSICAL_OF_POE);
  if (things.length === 0) return new Map();
  const aliases = (await client.walk(ALIAS_OF_PHYSICAL)).flatMap(({ index, value }) => {
    const name = String(value);
    if (!name.startsWith(`${IF_INDEX}.`)) return [];
    return [[index[0] ?? 0, Number(name.slice(IF_INDEX.length + 1))] as const];
  });
  const interfaceOf = new Map(aliases);
  return new Map(
    things.flatMap(({ index, value }) => {
      const found = interfaceOf.get(Number(value));
      return found === undefined ? [] : [[index.join('.'), found] as const];
    }),
  );
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
