// The last boot of a node against what is expected of it: one bar for each leg.
import type { Reply } from '../client.ts';
import { table } from './table.ts';

type Shown = Pick<Reply<'nodes.show'>, 'legs' | 'expected'>;

/** Characters of the longest bar. */
const WIDTH = 40;

/** `#` is what the boot took, `-` what is missing to the usual time, `!` what is beyond the limit. */
export function bootTimeline({ legs, expected }: Shown, width?: number): string {
  const longest = Math.max(
    1,
    ...legs.map(({ took }) => took),
    ...expected.map(({ median }) => median),
  );
  const rows = legs.map(({ leg, took, help }) => {
    const usual = expected.find((one) => one.leg === leg);
    return [
      leg,
      seconds(took),
      usual === undefined ? '' : seconds(usual.median),
      bar(took, usual, longest),
      help,
    ];
  });
  return table(['leg', 'took', 'usual', 'bar', 'what it is'], rows, width);
}

function bar(took: number, usual: Shown['expected'][number] | undefined, longest: number): string {
  const length = (time: number) => Math.round((time / longest) * WIDTH);
  if (usual === undefined) return '#'.repeat(length(took));
  const within = Math.min(took, usual.limit);
  const beyond = length(took) - length(within);
  const missing = Math.max(0, length(usual.median) - length(took));
  return '#'.repeat(length(within)) + '!'.repeat(beyond) + '-'.repeat(missing);
}

function seconds(time: number): string {
  return `${(time / 1_000_000).toFixed(1)} s`;
}
