// Heads of the columns of a list. Who chooses one sorts by it; that stays in the address, as filters do.
import { query, setQuery } from '../../state/router.ts';
import { type Column, nextOrder, type Order, orderOf, sortedBy } from '../../state/sorting.ts';

type Props<Item> = {
  readonly columns: readonly Column<Item>[];
  /** of the address; another one where a page has two lists */
  readonly param?: string;
};

/** Items in the order that the address says. */
export function useSorted<Item>(
  items: readonly Item[],
  { columns, param = 'sort' }: Props<Item>,
): readonly Item[] {
  return sortedBy(items, columns, orderOf(query.value.get(param)));
}

/** For `<thead>`. */
export function TableHead<Item>({ columns, param = 'sort' }: Props<Item>) {
  const order = orderOf(query.value.get(param));
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column.key} scope="col" {...sorting(column, order)}>
            <Title column={column} order={order} param={param} />
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** For the row above a virtual list. */
export function ListHeads<Item>({ columns, param = 'sort' }: Props<Item>) {
  const order = orderOf(query.value.get(param));
  return (
    <>
      {columns.map((column) => (
        <span key={column.key} role="columnheader" {...sorting(column, order)}>
          <Title column={column} order={order} param={param} />
        </span>
      ))}
    </>
  );
}

/** For screen readers. */
function sorting<Item>({ key, by }: Column<Item>, order: Order | undefined) {
  if (by === undefined) return {};
  if (order?.key !== key) return { 'aria-sort': 'none' } as const;
  return { 'aria-sort': order.isDown ? 'descending' : 'ascending' } as const;
}

function Title<Item>({
  column: { key, title, by },
  order,
  param,
}: {
  readonly column: Column<Item>;
  readonly order: Order | undefined;
  readonly param: string;
}) {
  if (by === undefined) return <>{title}</>;
  const arrow = order?.key === key ? (order.isDown ? '▼' : '▲') : '';
  return (
    <button
      type="button"
      class="plain sort"
      onClick={() => setQuery({ [param]: nextOrder(order, key) })}
    >
      {title} <i aria-hidden="true">{arrow}</i>
    </button>
  );
}
