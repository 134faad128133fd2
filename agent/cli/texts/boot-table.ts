// The last boots of a node, newest first: how long each took, or why it failed.
import type { Reply } from '../client.ts';
import { table } from './table.ts';
import { dateAndTime } from './time.ts';

/** A boot as the server tells of it. */
export type BootView = Reply<'nodes.show'>['boots'][number];

const RESULTS: Readonly<Record<BootView['result'], string>> = {
  booted: 'booted',
  failed: 'FAILED',
  'under-way': 'under way',
};

/** @param width as `table` takes it */
export function bootTable(boots: readonly BootView[], width?: number): string {
  const rows = boots.map(({ started, result, took, retries, reason }) => [
    dateAndTime(started),
    RESULTS[result],
    took === null ? '' : `${(took / 1_000_000).toFixed(1)} s`,
    String(retries),
    reason ?? '',
  ]);
  return table(['began', 'result', 'took', 'retries', 'reason'], rows, width);
}
