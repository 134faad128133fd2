// How far a running boot is, as one of four steps. Pure.
import type { NodeView } from './node-view.ts';

const STEPS: Readonly<Partial<Record<NodeView['state'], number>>> = {
  dhcp: 0,
  files: 1,
  mounted: 3,
};

/** Steps that are behind it; undefined of a node that does not boot now. */
export function stepsDone(state: NodeView['state']): number | undefined {
  return STEPS[state];
}
