// Switches, their ports, and what is behind them: a map that can be zoomed and searched, and the same as a table.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Empty } from '../../parts/empty.tsx';
import { TableHead, useSorted } from '../../parts/lists/column-heads.tsx';
import { call, type Reply } from '../../server/client.ts';
import { mayChange } from '../../state/me.ts';
import { byName, lastEvent } from '../../state/nodes/nodes.ts';
import { notify, trying } from '../../state/notices.ts';
import { query } from '../../state/router.ts';
import type { Column } from '../../state/sorting.ts';
import { texts } from '../../texts.ts';
import { SearchField } from '../nodes/filters.tsx';
import { drawnTree } from './map.ts';
import { MapView } from './map-view.tsx';

type Tree = Reply<'devices.tree'>;

const says = texts.topology;
const SERVER = 'walt-server';

/** The page. */
export function TopologyPage() {
  const [tree, setTree] = useState<Tree>();
  const load = () => trying(async () => setTree(await call('devices.tree')));
  useEffect(() => {
    load();
    return lastEvent.subscribe((event) => {
      if (event?.kind === 'placed' || event?.kind === 'renamed') load();
    });
  }, []);
  const drawn = useMemo(() => (tree === undefined ? undefined : drawnTree(tree, SERVER)), [tree]);
  if (tree === undefined || drawn === undefined) return <p class="loading">{texts.loading}</p>;
  const text = (query.value.get('q') ?? '').toLowerCase();
  const rescan = () =>
    trying(async () => {
      const { switches } = await call('devices.rescan', {});
      for (const { name, error } of switches) {
        if (error !== null) notify('bad', `${name}: ${error}`);
      }
      notify('good', says.rescanned(switches.filter(({ error }) => error === null).length));
      await load();
    });
  return (
    <section class="page">
      <header class="bar">
        <h1>{says.title}</h1>
        {mayChange.value && tree.switches.length > 0 ? (
          <button type="button" onClick={rescan}>
            {says.rescan}
          </button>
        ) : null}
      </header>
      {tree.switches.length === 0 ? (
        <Empty title={says.noneTitle} text={says.noneText} />
      ) : (
        <>
          <div class="filters">
            <SearchField label={says.search} hint={says.search} name="q" />
          </div>
          <MapView drawn={drawn} text={text} />
          <Ports tree={tree} text={text} />
        </>
      )}
      {tree.unplaced.length === 0 ? null : (
        <section class="box">
          <h2>{says.unplaced(tree.unplaced.length)}</h2>
          <p>{tree.unplaced.filter((name) => name.toLowerCase().includes(text)).join(', ')}</p>
        </section>
      )}
    </section>
  );
}

type PortRow = Tree['switches'][number]['ports'][number] & {
  /** name of the switch */
  readonly of: string;
};

const COLUMNS: readonly Column<PortRow>[] = [
  { key: 'switch', title: says.columns.switch, by: (row) => row.of },
  { key: 'port', title: says.columns.port, by: ({ name }) => name },
  { key: 'power', title: says.columns.power, by: powerText },
  { key: 'devices', title: says.columns.devices, by: ({ devices }) => devices[0] ?? null },
];

function powerText({ isLink, poe }: PortRow): string {
  if (isLink) return says.link;
  return poe ? says.poe : '–';
}

function Ports({ tree, text }: { readonly tree: Tree; readonly text: string }) {
  const rows = tree.switches.flatMap((one) => one.ports.map((each) => ({ ...each, of: one.name })));
  const found = rows.filter((row) =>
    `${row.of} ${row.name} ${row.devices.join(' ')}`.toLowerCase().includes(text),
  );
  const shown = useSorted(found, { columns: COLUMNS });
  return (
    <section class="box scrolls" tabIndex={0} aria-label={says.list}>
      <h2>{says.list}</h2>
      <table>
        <TableHead columns={COLUMNS} />
        <tbody>
          {shown.map((row) => (
            <tr key={`${row.of} ${row.port}`}>
              <td>{row.of}</td>
              <td>{row.name}</td>
              <td>{powerText(row)}</td>
              <td>
                {row.devices.map((name) => (
                  <Device key={name} name={name} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Device({ name }: { readonly name: string }) {
  if (!byName.value.has(name)) return <span class="tag">{name}</span>;
  return (
    <a class="tag" href={`/nodes/${encodeURIComponent(name)}`}>
      {name}
    </a>
  );
}
