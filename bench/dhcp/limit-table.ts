/** One measurement that has to stay below a limit, as a markdown table: others are named, but do not count. */
import type { Measured } from '../harness/compare.ts';

export type LimitRow = {
  readonly title: string;
  readonly unit: string;
  readonly below: number;
  /** Ours first. */
  readonly measured: readonly Measured[];
};

export function limitTable({ title, unit, below, measured }: LimitRow): string {
  const ours = measured[0]?.median ?? Number.POSITIVE_INFINITY;
  const head = ['row', ...measured.map(({ name }) => name), 'aim', 'met'];
  const cells = measured.map(({ median, failures }) => {
    const failed = failures === 0 ? '' : ` (${failures} failed)`;
    return median === undefined ? `failed${failed}` : `${median.toPrecision(3)} ${unit}${failed}`;
  });
  const line = [title, ...cells, `< ${below} ${unit}`, ours < below ? 'yes' : 'no'];
  const rule = head.map((_, at) => (at === 0 ? '---' : '--:'));
  return [head, rule, line].map((one) => `| ${one.join(' | ')} |`).join('\n');
}
