// Ways of counting PoE ports: each with the numbers that such a switch has.
import test from 'ava';
import { type Counted, NUMBERINGS, poeIndices } from '../../../agent/switches/poe-numbering.ts';

/** Ports 1 to `count`. */
function ports(
  count: number,
  describe: (port: number) => Omit<Counted, 'port'> = (port) => ({
    interfaceIndex: port,
    name: `ge${port}`,
  }),
): Counted[] {
  return Array.from({ length: count }, (_, at) => ({ port: at + 1, ...describe(at + 1) }));
}

const none = new Map<string, number>();

/** 52 ports in two members, of which each has 24 with PoE and 2 without. */
const member = (port: number) => (port > 26 ? 2 : 1);
const onMember = (port: number) => (port > 26 ? port - 26 : port);
const stacked = ports(52, (port) => ({
  interfaceIndex: 500 * member(port) + onMember(port),
  name: `${member(port)}/0/${onMember(port)}`,
}));
const withPoe = stacked.filter(({ port }) => onMember(port) <= 24);

test('poeIndices() ports with the numbers of the front', (t) => {
  const found = poeIndices({ indices: ['1.1', '1.3'], interfaces: none, ports: ports(4) });
  t.deepEqual(
    [...found],
    [
      [1, '1.1'],
      [3, '1.3'],
    ],
  );
});

test('poeIndices() ports with the numbers of their interfaces', (t) => {
  const numbered = ports(4, (port) => ({ interfaceIndex: 100 + port, name: `ge${port}` }));
  const found = poeIndices({ indices: ['1.102', '1.103'], interfaces: none, ports: numbered });
  t.deepEqual(
    [...found],
    [
      [2, '1.102'],
      [3, '1.103'],
    ],
  );
});

test('poeIndices() a stack whose ports have the numbers of their interfaces', (t) => {
  const numbered = stacked.map((one) => ({ ...one, name: `port ${one.port}` }));
  const indices = withPoe.map(({ port, interfaceIndex }) => `${member(port)}.${interfaceIndex}`);
  const found = poeIndices({ indices, interfaces: none, ports: numbered });
  t.is(found.size, 48);
  t.is(found.get(7), '1.507');
  t.is(found.get(33), '2.1007');
  t.is(found.get(25), undefined);
});

test('poeIndices() a stack whose names have the member and the port', (t) => {
  const indices = withPoe.map(({ port }) => `${member(port)}.${onMember(port)}`);
  const found = poeIndices({ indices, interfaces: none, ports: stacked });
  t.is(found.size, 48);
  t.is(found.get(33), '2.7');
  t.is(found.get(26), undefined);
});

test('poeIndices() names that count from 0', (t) => {
  const junos = ports(50, (port) => ({
    interfaceIndex: 500 + port,
    name: port > 48 ? `ge-0/1/${port - 49}` : `ge-0/0/${port - 1}`,
  }));
  // Some models have PoE at the first ports alone.
  const indices = Array.from({ length: 8 }, (_, at) => `1.${at + 1}`);
  const found = poeIndices({ indices, interfaces: none, ports: junos });
  t.is(found.size, 8);
  t.is(found.get(1), '1.1');
  t.is(found.get(49), undefined);
});

test('poeIndices() one switch whose names begin with another number than its group', (t) => {
  // The first port is for management, so that numbers of the bridge and of the front differ.
  const shifted = ports(9, (port) => ({ interfaceIndex: 10_100 + port, name: `Gi0/${port - 1}` }));
  const indices = Array.from({ length: 8 }, (_, at) => `1.${at + 1}`);
  const found = poeIndices({ indices, interfaces: none, ports: shifted });
  t.is(found.size, 8);
  t.is(found.get(2), '1.1');
});

test('poeIndices() a table of the vendor counts before all else', (t) => {
  const uplinks = ports(4, (port) => ({ interfaceIndex: 10_000 + port, name: `Gi1/0/${port}` }));
  const interfaces = new Map([
    ['1.1', 10_004],
    ['1.2', 10_003],
  ]);
  const found = poeIndices({ indices: ['1.1', '1.2'], interfaces, ports: uplinks });
  t.deepEqual(
    [...found],
    [
      [3, '1.2'],
      [4, '1.1'],
    ],
  );
});

test('poeIndices() nothing where no way fits all, or two ways fit and differ', (t) => {
  const of = (indices: string[], interfaces = none, known = ports(4)) =>
    poeIndices({ indices, interfaces, ports: known }).size;
  t.is(of(['1.1', '1.9']), 0);
  t.is(of(['3.1', '4.1']), 0);
  t.is(of([]), 0);
  // Interfaces count from 2: port 2 of the MIB is the second or the first one.
  const shifted = ports(4, (port) => ({ interfaceIndex: port + 1, name: `ge${port}` }));
  t.is(of(['1.2', '1.3'], none, shifted), 0);
  t.is(of(['1.1', '1.2', '1.3', '1.4'], none, shifted), 4);
  // A table that names one interface twice is none.
  const twice = new Map([
    ['1.7', 1],
    ['1.8', 1],
  ]);
  t.is(of(['1.7', '1.8'], twice), 0);
  // Two ports of one name.
  const same = ports(2, (port) => ({ interfaceIndex: 70 + port, name: '1/0/7' }));
  t.is(of(['1.7'], none, same), 0);
});

test('docs/power.md has each way of counting', async (t) => {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile('docs/power.md', 'utf8');
  for (const symptom of NUMBERINGS) t.true(text.includes(`| ${symptom} |`), symptom);
});
