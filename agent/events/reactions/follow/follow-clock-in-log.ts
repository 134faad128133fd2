// Reaction: the lines that were written while the clock was wrong get the time that it shows now. It stands before the
// reaction that writes the line of this event.
import type { Checkpoints } from '../../../journal/checkpoints.ts';
import type { Retention } from '../../../journal/retention.ts';
import type { Publisher } from '../../publisher.ts';

/** Lines keep their distance from now, whatever becomes of the clock, and none is deleted because of it. */
export function followClockInLog(
  publisher: Publisher,
  {
    records,
    retention,
    checkpoints,
  }: {
    readonly records: { readonly shift: (by: number) => Promise<void> };
    readonly retention: Pick<Retention, 'clockSet'>;
    readonly checkpoints: Pick<Checkpoints, 'clockSet'>;
  },
): void {
  publisher.on('log', ['clock-set'], async ({ by }) => {
    retention.clockSet();
    await Promise.all([records.shift(by), checkpoints.clockSet(by)]);
  });
}
