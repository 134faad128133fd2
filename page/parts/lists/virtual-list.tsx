// A list of which only what is seen is in the document: a thousand rows cost as much as thirty.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** What a list shows, and how. */
export type VirtualListProps<Item> = {
  readonly label: string;
  readonly items: readonly Item[];
  /** of one row, in pixels */
  readonly rowHeight: number;
  readonly keyOf: (item: Item) => string | number;
  readonly row: (item: Item) => ComponentChildren;
  readonly head?: ComponentChildren;
  /** for screen readers: the columns of a row */
  readonly columns: number;
  /** it stays at its end while that is seen */
  readonly followsEnd?: boolean;
  readonly class?: string;
};

/** Rows above and below what is seen. */
const SPARE = 8;

/** The list; it takes the height that its place has. */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, items, rowHeight, keyOf, row, head, columns, followsEnd = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(800);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    const watch = new ResizeObserver(() => setHeight(current.clientHeight));
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const { current } = box;
    if (followsEnd && current !== null) current.scrollTop = current.scrollHeight;
  }, [items, followsEnd]);
  const first = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const last = Math.min(items.length, Math.ceil((top + height) / rowHeight) + SPARE);
  return (
    <div
      class={`list ${props.class ?? ''}`}
      ref={box}
      tabIndex={0}
      role="table"
      aria-label={label}
      aria-rowcount={items.length}
      aria-colcount={columns}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
    >
      {head}
      <div class="rows" role="rowgroup" style={{ height: `${items.length * rowHeight}px` }}>
        {items.slice(first, last).map((item, index) => (
          <div
            class="row"
            role="row"
            key={keyOf(item)}
            aria-rowindex={first + index + 1}
            style={{
              height: `${rowHeight}px`,
              transform: `translateY(${(first + index) * rowHeight}px)`,
            }}
          >
            {row(item)}
          </div>
        ))}
      </div>
    </div>
  );
}
