/** One comparison as lines of a markdown table: medians, and ours as a ratio to the best of the others. */
import type { Measured } from './compare.ts';

export type Row = {
  readonly title: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  /** Ratio that is aimed at: above 1 means that we are better. */
  readonly aim: number;
  /** Ours first. */
  readonly measured: readonly Measured[];
  /** The last one does not count as another; by default it is so. */
  readonly hasBaseline?: boolean;
};

export function markdownTable(rows: readonly Row[]): string {
  const names = rows[0]?.measured.map(({ name }) => name) ?? [];
  const head = ['row', ...names, 'ratio', 'aim', 'met'];
  const lines = rows.map((row) => {
    const ratio = ratioOf(row);
    return [
      row.title,
      ...row.measured.map((one) => cell(one, row.unit)),
      ratio.toFixed(2),
      `≥ ${row.aim.toFixed(Number.isInteger(row.aim * 10) ? 1 : 2)}`,
      ratio >= row.aim ? 'yes' : 'no',
    ];
  });
  return plainTable(head, lines);
}

/** Any table. @param head of its columns */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, at) => (at === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map(line).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** How many times better than the best of the others; the baseline left out. */
export function ratioOf({ measured, better, hasBaseline = true }: Row): number {
  const [ours, ...others] = hasBaseline ? measured.slice(0, -1) : measured;
  const best = others.flatMap(({ median }) => (median === undefined ? [] : [median]));
  if (ours?.median === undefined || best.length === 0) return 0;
  return better === 'less' ? Math.min(...best) / ours.median : ours.median / Math.max(...best);
}

function cell({ median, failures }: Measured, unit: string): string {
  const failed = failures === 0 ? '' : ` (${failures} failed)`;
  if (median === undefined) return `failed${failed}`;
  return `${median >= 100 ? median.toFixed(0) : median.toPrecision(3)} ${unit}${failed}`;
}
