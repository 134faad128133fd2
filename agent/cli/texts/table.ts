// Tables as people and scripts know them: a header row, a row of dashes, two spaces between columns.

import { oneLine } from '../../host/text/shown-text.ts';

/** No column of a table that is made narrower gets less. */
const LEAST = 8;
const GAP = 2;

type Row = readonly string[];

/**
 * Cells that are too long for the terminal go on in the next line, so that nothing is cut.
 * @param rows as many cells each as there are columns; an empty cell is shown as a dash, so that columns can be counted
 * @param width of the terminal; undefined where there is none: then each row is one line, for scripts
 */
export function table(columns: Row, rows: readonly Row[], width?: number): string {
  const shown = rows.map((row) => row.map((cell) => (cell === '' ? '-' : oneLine(cell))));
  const natural = columns.map((column, index) =>
    Math.max(column.length, ...shown.map((row) => row[index]?.length ?? 0)),
  );
  const widths = width === undefined ? natural : narrowed(natural, width);
  const dashes = widths.map((size) => '-'.repeat(size));
  return [columns, dashes, ...shown]
    .flatMap((row) => linesOf(row, widths))
    .map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' '.repeat(GAP)))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The widest column is made narrower, again and again, until all fit or each has the least. */
function narrowed(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, size) => sum + size + GAP, -GAP);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** One row as lines of cells. */
function linesOf(row: Row, widths: readonly number[]): string[][] {
  const parts = row.map((cell, index) => pieces(cell, widths[index] ?? 0));
  const height = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => parts.map((part) => part[line] ?? ''));
}

/** Broken behind a space, comma, slash or colon of its second half, where there is one. */
function pieces(cell: string, width: number): string[] {
  if (cell.length <= width) return [cell];
  const [head = ''] = /^.*[ ,/:]/.exec(cell.slice(0, width)) ?? [];
  const end = head.length > width / 2 ? head.length : width;
  return [cell.slice(0, end), ...pieces(cell.slice(end), width)];
}
