// In which order a list is shown: by one of its columns, up or down, as the address of the page says. Pure.

/** A column of a list of such items. */
export type Column<Item> = {
  /** in the address */
  readonly key: string;
  readonly title: string;
  /** what items are compared by; without it nobody sorts by this column */
  readonly by?: (item: Item) => string | number | null;
};

/** By which column, and whether the greatest comes first. */
export type Order = { readonly key: string; readonly isDown: boolean };

/** `size` is up, `-size` is down. @returns undefined where the address says none */
export function orderOf(text: string | null): Order | undefined {
  if (text === null || text === '' || text === '-') return undefined;
  return text.startsWith('-') ? { key: text.slice(1), isDown: true } : { key: text, isDown: false };
}

/** What the address says after somebody chose a column: up, then down, then as it was. */
export function nextOrder(order: Order | undefined, key: string): string {
  if (order?.key !== key) return key;
  return order.isDown ? '' : `-${key}`;
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Items that are equal stay as they were, and those without a value come last. */
export function sortedBy<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  order: Order | undefined,
): readonly Item[] {
  const by = columns.find(({ key }) => key === order?.key)?.by;
  if (order === undefined || by === undefined) return items;
  const sign = order.isDown ? -1 : 1;
  return items.toSorted((one, other) => {
    const [a, b] = [by(one), by(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * words.compare(String(a), String(b));
  });
}
