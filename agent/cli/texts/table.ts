// Tables as people and scripts know them: a header row, a row of dashes, two spaces between columns.

import { oneLine } from '../../host/shown-text.ts';

/** @param rows as many cells each as there are columns; an empty cell is shown as a dash, so that columns can be counted */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map((cell) => (cell === '' ? '-' : oneLine(cell))));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...shown.map((row) => row[index]?.length ?? 0)),
  );
  const dashes = widths.map((width) => '-'.repeat(width));
  return [columns, dashes, ...shown]
    .map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
