// How reliably nodes boot, the worst first: the one bad board of a hundred is at the top.
import type { Reply } from '../client.ts';
import { table } from './table.ts';

type Counted = Reply<'nodes.reliability'>['nodes'][number];

/** @param width as `table` takes it */
export function reliabilityTable(nodes: readonly Counted[], width?: number): string {
  const rank = ({ reliability }: Counted) => reliability ?? 2;
  const sorted = nodes.toSorted(
    (left, right) => rank(left) - rank(right) || left.name.localeCompare(right.name),
  );
  const rows = sorted.map((node) => [
    node.name,
    node.reliability === null ? '' : `${(node.reliability * 100).toFixed(1)} %`,
    String(node.boots),
    node.failures.map(({ kind, count }) => `${kind} ${count}`).join(', '),
    node.longest === 0 ? '' : `${(node.longest / 1_000_000).toFixed(1)} s`,
    String(node.healed),
  ]);
  return table(['name', 'reliability', 'booted', 'failed', 'longest', 'healed'], rows, width);
}
