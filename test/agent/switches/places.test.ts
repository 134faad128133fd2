import test from 'ava';
import type { Neighbour, SwitchFacts } from '../../../agent/switches/facts.ts';
import { findPlaces } from '../../../agent/switches/places.ts';

const SERVER = '02:00:00:00:00:01';
const SW = '02:5e:00:00:00:01';
const [FIRST, SECOND, THIRD] = ['b8:27:eb:00:00:01', 'b8:27:eb:00:00:02', 'b8:27:eb:00:00:03'];

/** One switch, with the server behind port 1. */
const placesOf = (
  stations: readonly [number, string[]][],
  neighbours: readonly [number, string][] = [],
) => {
  const told = neighbours.map(([port, mac]): [number, Neighbour] => [
    port,
    { mac, name: '', isBridge: false },
  ]);
  const facts: SwitchFacts = {
    ...{ own: [], ports: [], neighbours: new Map(told) },
    stations: new Map([[1, [SERVER]], ...stations]),
  };
  const { places, disputed } = findPlaces(new Map([[SW, facts]]), SERVER);
  return { disputed: [...disputed], ports: [...places].map(([mac, { port }]) => [mac, port]) };
};

test('findPlaces() believes LLDP where the switch counts its ports as in its tables', (t) => {
  const stations: [number, string[]][] = [
    [2, [FIRST]],
    [3, [SECOND]],
  ];
  const { ports } = placesOf(stations, [
    [2, FIRST],
    [4, THIRD],
  ]);
  t.deepEqual(ports, [
    [FIRST, 2],
    [SECOND, 3],
    [THIRD, 4],
  ]);
  // By LLDP its ports have the numbers of their interfaces.
  const other = placesOf(stations, [
    [12, FIRST],
    [14, THIRD],
  ]);
  t.deepEqual(other.ports, [
    [FIRST, 2],
    [SECOND, 3],
  ]);
});

test('findPlaces() has no place for what one switch sees behind two of its ports', (t) => {
  const stations: [number, string[]][] = [
    [2, [FIRST]],
    [3, [FIRST, SECOND]],
  ];
  t.deepEqual(placesOf(stations), { disputed: [FIRST], ports: [[SECOND, 3]] });
  const towardsServer: [number, string[]][] = [
    [1, [SERVER, FIRST]],
    [2, [FIRST]],
  ];
  t.deepEqual(placesOf(towardsServer), { disputed: [], ports: [[FIRST, 2]] }, 'a link is no place');
});
