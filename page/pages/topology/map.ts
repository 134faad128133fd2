// Where switches and devices lie on the map: one above the other, by dagre.
import { graphlib, layout } from '@dagrejs/dagre';
import type { Reply } from '../../server/client.ts';

type Tree = Reply<'devices.tree'>;

/** Something on the map. */
export type Spot = {
  readonly id: string;
  readonly kind: 'server' | 'switch' | 'device';
  readonly name: string;
  readonly note: string;
  readonly x: number;
  readonly y: number;
};
/** A cable. */
export type Cable = {
  readonly id: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly port: string;
  readonly hasPower: boolean;
};
/** All of it, in a box from 0 0. */
export type Drawn = {
  readonly spots: readonly Spot[];
  readonly cables: readonly Cable[];
  readonly width: number;
  readonly height: number;
};

/** Of a box; other parts draw it so. */
export const BOX = { width: 132, height: 40 } as const;

/** @param serverName as devices are told of it */
export function drawnTree({ switches }: Tree, serverName: string): Drawn {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 90, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  const spots = new Map<string, Omit<Spot, 'x' | 'y'>>();
  const add = (spot: Omit<Spot, 'x' | 'y'>) => {
    if (spots.has(spot.id)) return;
    spots.set(spot.id, spot);
    graph.setNode(spot.id, { ...BOX });
  };
  const names = new Set(switches.map(({ name }) => name));
  for (const { name, error, waiting } of switches) {
    add({ id: name, kind: 'switch', name, note: error ?? (waiting > 0 ? `${waiting} wait` : '') });
  }
  for (const one of switches) {
    if (one.above !== null)
      graph.setEdge(one.above.switch, one.name, { port: one.above.port, hasPower: false });
    for (const { name: port, devices, poe, isLink } of one.ports) {
      for (const device of devices) {
        if (names.has(device)) continue;
        const kind = device === serverName ? 'server' : 'device';
        add({ id: device, kind, name: device, note: '' });
        graph.setEdge(one.name, device, { port, hasPower: poe && !isLink }, `${one.name} ${port}`);
      }
    }
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    ...{ width, height },
    spots: [...spots.values()].map((spot) => {
      const { x = 0, y = 0 } = graph.node(spot.id) as { x?: number; y?: number };
      return { ...spot, x, y };
    }),
    cables: graph.edges().map((edge) => {
      const { points = [], port, hasPower } = graph.edge(edge) as unknown as Omit<Cable, 'id'>;
      return { id: `${edge.v} ${edge.w} ${edge.name ?? ''}`, points, port, hasPower };
    }),
  };
}
