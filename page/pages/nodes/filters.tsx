// The filters of the list of nodes: text, state with how many there are, owner, model.
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { type Group, groupOf, ownerKind } from '../../state/nodes/node-filters.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { query, setQuery } from '../../state/router.ts';
import { texts } from '../../texts.ts';

const says = texts.nodes;
const GROUPS: readonly Group[] = ['booting', 'booted', 'trouble', 'down'];
const OWNERS = ['mine', 'free', 'others'] as const;

/** All filters; each is in the address. */
export function NodeFilters({
  nodes,
  user,
}: {
  readonly nodes: readonly NodeView[];
  readonly user: string;
}) {
  const counts = Map.groupBy(nodes, groupOf);
  const owners = Map.groupBy(nodes, (node) => ownerKind(node, user));
  const models = [...new Set(nodes.map(({ model }) => model))].toSorted();
  return (
    <div class="filters">
      <SearchField label={texts.search} hint={says.searchHint} name="q" />
      <div class="chips" role="group" aria-label={says.state}>
        <Chip name="state" value="" text={texts.all} count={nodes.length} />
        {GROUPS.map((group) => (
          <Chip
            key={group}
            name="state"
            value={group}
            text={texts.groups[group]}
            count={counts.get(group)?.length ?? 0}
            dot={group}
          />
        ))}
      </div>
      <Choice name="owner" label={says.owner}>
        {OWNERS.map((owner) => [
          owner,
          `${says.owners[owner]} (${owners.get(owner)?.length ?? 0})`,
        ])}
      </Choice>
      {models.length < 2 ? null : (
        <Choice name="model" label={says.model}>
          {models.map((model) => [model, model])}
        </Choice>
      )}
    </div>
  );
}

/** A field for words; key `/` leads to it. */
export function SearchField({
  label,
  hint,
  name,
}: {
  readonly label: string;
  readonly hint: string;
  readonly name: string;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element &&
        event.target.matches('input, textarea, select, dialog *');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <label class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={hint}
        value={query.value.get(name) ?? ''}
        onInput={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
      />
    </label>
  );
}

function Chip(props: {
  readonly name: string;
  readonly value: string;
  readonly text: string;
  readonly count: number;
  readonly dot?: Group;
}) {
  const { name, value, text, count, dot } = props;
  const isOn = (query.value.get(name) ?? '') === value;
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={isOn}
      onClick={() => setQuery({ [name]: value })}
    >
      {dot === undefined ? null : (
        <span class={`state ${dot}`}>
          <i />
        </span>
      )}
      {text} <small>{count}</small>
    </button>
  );
}

/** A list to choose one of, or all. */
export function Choice(props: {
  readonly name: string;
  readonly label: string;
  readonly children: readonly (readonly [value: string, text: string])[];
}) {
  const { name, label, children } = props;
  return (
    <span class="choice">
      <select
        aria-label={label}
        value={query.value.get(name) ?? ''}
        onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
      >
        <option value="">{texts.allOf(label)}</option>
        {children.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}
