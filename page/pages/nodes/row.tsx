// One node in the list, and the head above.
import { ListHeads } from '../../parts/lists/column-heads.tsx';
import { memo } from '../../parts/memo.ts';
import { BootBar, StateBadge } from '../../parts/state-badge.tsx';
import { ownerKind } from '../../state/nodes/node-filters.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import type { Column } from '../../state/sorting.ts';
import { texts } from '../../texts.ts';

const says = texts.nodes;

const titles = says.columns;

/** What nodes are sorted by. */
export const NODE_COLUMNS: readonly Column<NodeView>[] = [
  { key: 'name', title: titles.name, by: ({ name }) => name },
  { key: 'how', title: titles.state, by: ({ state }) => texts.states[state] },
  { key: 'image', title: titles.image, by: ({ image }) => image },
  { key: 'model', title: titles.model, by: ({ model }) => model },
  { key: 'ip', title: titles.ip, by: ({ ip }) => ip },
  { key: 'owner', title: titles.owner, by: ({ owner }) => owner },
];

/** The names of the columns. */
export function NodeHead({
  select,
}: {
  readonly select?: { readonly isAll: boolean; readonly toggleAll: () => void };
}) {
  return (
    <div class="head" role="rowgroup">
      <div role="row">
        <span role="columnheader" class="tick">
          {select === undefined ? null : (
            <input
              type="checkbox"
              checked={select.isAll}
              onChange={select.toggleAll}
              aria-label={says.selectAll}
            />
          )}
        </span>
        <ListHeads columns={NODE_COLUMNS} />
      </div>
    </div>
  );
}

type Props = {
  readonly node: NodeView;
  readonly user: string;
  readonly isSelected: boolean;
  readonly onToggle?: (name: string) => void;
};

/** One node. It is drawn again only when it changes itself. */
export const NodeRow = memo(
  function NodeRow({ node, user, isSelected, onToggle }: Props) {
    const kind = ownerKind(node, user);
    const owner = kind === 'free' ? says.free : kind === 'mine' ? says.you : node.owner;
    return (
      <>
        <span role="cell" class="tick">
          {onToggle === undefined ? null : (
            <input
              type="checkbox"
              checked={isSelected}
              onChange={() => onToggle(node.name)}
              aria-label={says.select(node.name)}
            />
          )}
        </span>
        <span role="cell" class="name">
          <a href={`/nodes/${encodeURIComponent(node.name)}`}>{node.name}</a>
        </span>
        <span role="cell" class="how">
          <StateBadge node={node} />
          <BootBar node={node} />
        </span>
        <span role="cell" class="image" title={node.image}>
          {shortImage(node.image)}
        </span>
        <span role="cell" class="model">
          {node.model}
        </span>
        <span role="cell" class="ip">
          {node.ip}
        </span>
        <span role="cell" class={`owner ${kind}`}>
          {owner}
        </span>
      </>
    );
  },
  (before, after) =>
    before.node === after.node &&
    before.isSelected === after.isSelected &&
    before.user === after.user,
);

/** Without the tag that all have. */
function shortImage(name: string): string {
  return name.replace(/:latest$/, '');
}
