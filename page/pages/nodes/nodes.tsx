// All nodes, live: filters that stay in the address, and what can be done with those that are selected.
import { useMemo, useState } from 'preact/hooks';
import { Empty } from '../../parts/empty.tsx';
import { VirtualList } from '../../parts/lists/virtual-list.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { mayChange, me } from '../../state/me.ts';
import { filtered } from '../../state/nodes/node-filters.ts';
import { byName, nodes } from '../../state/nodes/nodes.ts';
import { query, setQuery } from '../../state/router.ts';
import { orderOf, sortedBy } from '../../state/sorting.ts';
import { texts } from '../../texts.ts';
import { ActionBar } from './action-bar.tsx';
import { NodeFilters } from './filters.tsx';
import { NODE_COLUMNS, NodeHead, NodeRow } from './row.tsx';

const says = texts.nodes;
const ROW = 44;
const NARROW_ROW = 68;

/** The page. */
export function NodesPage() {
  const all = nodes.value;
  const asked = query.value;
  const user = me.value?.user ?? '';
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const isNarrow = useNarrow();
  const shown = useMemo(() => {
    const [text, group] = [asked.get('q') ?? '', asked.get('state') ?? ''];
    const [owner, model] = [asked.get('owner') ?? '', asked.get('model') ?? ''];
    const found = filtered(all ?? [], { text, group, owner, model }, user);
    return sortedBy(found, NODE_COLUMNS, orderOf(asked.get('sort')));
  }, [all, asked, user]);
  if (all === undefined) return <p class="loading">{texts.loading}</p>;
  const toggle = (name: string) => {
    const next = new Set(selected);
    if (!next.delete(name)) next.add(name);
    setSelected(next);
  };
  const isAll = shown.length > 0 && shown.every(({ name }) => selected.has(name));
  const toggleAll = () => setSelected(new Set(isAll ? [] : shown.map(({ name }) => name)));
  const chosen = [...selected].flatMap((name) => byName.value.get(name) ?? []);
  const select = mayChange.value ? { isAll, toggleAll } : undefined;
  return (
    <section class="page fills">
      <header class="bar">
        <h1>
          {says.title} <small>{says.count(shown.length, all.length)}</small>
        </h1>
      </header>
      {all.length === 0 ? (
        <Empty title={says.noneTitle} text={says.noneText}>
          <a class="button primary" href="/first-run">
            {says.start}
          </a>
        </Empty>
      ) : (
        <>
          {chosen.length === 0 ? (
            <NodeFilters nodes={all} user={user} />
          ) : (
            <ActionBar nodes={chosen} onClear={() => setSelected(new Set())} />
          )}
          {shown.length === 0 ? (
            <Empty title={says.emptyTitle} text={says.emptyText}>
              <button
                type="button"
                onClick={() => setQuery({ q: '', state: '', owner: '', model: '' })}
              >
                {says.reset}
              </button>
            </Empty>
          ) : (
            <VirtualList
              label={says.title}
              class="nodes"
              items={shown}
              rowHeight={isNarrow ? NARROW_ROW : ROW}
              columns={7}
              keyOf={({ mac }) => mac}
              head={<NodeHead {...(select === undefined ? {} : { select })} />}
              row={(node) => (
                <NodeRow
                  node={node}
                  user={user}
                  isSelected={selected.has(node.name)}
                  {...(mayChange.value ? { onToggle: toggle } : {})}
                />
              )}
            />
          )}
        </>
      )}
    </section>
  );
}
