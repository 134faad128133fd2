import test from 'ava';
import { BOX, drawnTree } from '../../../../page/pages/topology/map.ts';

type Tree = Parameters<typeof drawnTree>[0];
type Port = Tree['switches'][number]['ports'][number];

const port = (number: number, devices: string[], more: Partial<Port> = {}): Port => ({
  ...{ port: number, name: `ge${number}`, isNamed: false, poe: false, isLink: false, devices },
  ...more,
});
const one = (
  name: string,
  ports: Port[],
  above: { switch: string; port: string } | null = null,
) => ({
  ...{ name, above, error: null, waiting: 0, learnt: [], ports },
});

const TREE: Tree = {
  switches: [
    one('core', [port(1, ['walt-server'], { isLink: true }), port(2, ['rack'], { isLink: true })]),
    one('rack', [port(1, ['pi-1'], { poe: true }), port(2, ['pi-2', 'pi-3'])], {
      switch: 'core',
      port: 'ge2',
    }),
  ],
  unplaced: [],
};

test('drawnTree() has each switch, device and the server once, and a cable to each', (t) => {
  const { spots, cables } = drawnTree(TREE, 'walt-server');
  t.deepEqual(spots.map(({ name, kind }) => `${kind} ${name}`).toSorted(), [
    'device pi-1',
    'device pi-2',
    'device pi-3',
    'server walt-server',
    'switch core',
    'switch rack',
  ]);
  t.is(cables.length, 5);
  t.deepEqual(
    cables.filter(({ hasPower }) => hasPower).map(({ port }) => port),
    ['ge1'],
  );
});

test('drawnTree() lays no box on another, and all within its size', (t) => {
  const { spots, width, height } = drawnTree(TREE, 'walt-server');
  for (const [index, spot] of spots.entries()) {
    t.true(spot.x >= BOX.width / 2 && spot.x <= width - BOX.width / 2, spot.name);
    t.true(spot.y >= BOX.height / 2 && spot.y <= height - BOX.height / 2, spot.name);
    for (const other of spots.slice(index + 1)) {
      const isApart =
        Math.abs(spot.x - other.x) >= BOX.width || Math.abs(spot.y - other.y) >= BOX.height;
      t.true(isApart, `${spot.name} ${other.name}`);
    }
  }
});

test('drawnTree() bears switches that are above each other, and none at all', (t) => {
  const loop: Tree = {
    switches: [one('a', [], { switch: 'b', port: '1' }), one('b', [], { switch: 'a', port: '1' })],
    unplaced: [],
  };
  t.is(drawnTree(loop, 'walt-server').spots.length, 2);
  t.is(drawnTree({ switches: [], unplaced: [] }, 'walt-server').spots.length, 0);
});
