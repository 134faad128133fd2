// One node: its boot as it goes on, the last ones, its console, its lines of the log, its settings.
import { useEffect, useState } from 'preact/hooks';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { lazyPage } from '../../parts/lazy.tsx';
import { BootBar, StateBadge } from '../../parts/state-badge.tsx';
import { CallError, call } from '../../server/client.ts';
import { mayChange, me } from '../../state/me.ts';
import { ownerKind } from '../../state/nodes/node-filters.ts';
import { byName, lastEvent } from '../../state/nodes/nodes.ts';
import { notify, sentenceOf } from '../../state/notices.ts';
import { query, setQuery } from '../../state/router.ts';
import { texts } from '../../texts.ts';
import { ActionButtons } from '../nodes/action-bar.tsx';
import { NodeLog } from './node-log.tsx';
import { Overview } from './overview.tsx';
import { Settings } from './settings.tsx';
import type { Shown } from './shown.ts';

const Console = lazyPage(() => import('./console.tsx').then((part) => part.Console));
const Shell = lazyPage(() => import('./shell.tsx').then((part) => part.Shell));

const says = texts.node;
const TABS = ['overview', 'console', 'shell', 'log', 'settings'] as const;
type Tab = (typeof TABS)[number];
/** Events of one boot come in bursts. */
const AGAIN_MS = 400;

/** The page of the node with this name. */
export function NodePage({ name }: { readonly name: string }) {
  const [shown, isGone] = useShown(name);
  const tab = TABS.filter(isForMe).find((one) => one === query.value.get('tab')) ?? 'overview';
  if (isGone) {
    return (
      <Empty title={says.gone(name)} text={says.goneText} isPage>
        <a class="button" href="/nodes">
          {texts.notFound.back}
        </a>
      </Empty>
    );
  }
  if (shown === undefined) return <p class="loading">{texts.loading}</p>;
  const node = byName.value.get(name) ?? shown.node;
  const user = me.value?.user ?? '';
  return (
    <section class={tab === 'overview' || tab === 'settings' ? 'page' : 'page fills'}>
      <header class="bar">
        <a class="back" href="/nodes" aria-label={texts.notFound.back}>
          <Icon name="back" />
        </a>
        <h1>{name}</h1>
        <StateBadge node={node} />
        <BootBar node={node} />
        {mayChange.value ? <ActionButtons nodes={[node]} onDone={() => undefined} /> : null}
      </header>
      <div class="tabs" role="tablist" aria-label={says.tabsLabel}>
        {TABS.filter(isForMe).map((one) => (
          <button
            type="button"
            role="tab"
            key={one}
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls="tab-panel"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => setQuery({ tab: one === 'overview' ? '' : one })}
            onKeyDown={(event) => moveTab(event, one)}
          >
            {says.tabs[one]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} class="panel">
        {tab === 'overview' ? <Overview shown={shown} node={node} /> : null}
        {tab === 'console' ? <Console name={name} /> : null}
        {tab === 'shell' ? (
          <Shell node={{ ...node, isOthers: ownerKind(node, user) === 'others' }} />
        ) : null}
        {tab === 'log' ? <NodeLog name={name} /> : null}
        {tab === 'settings' ? <Settings name={name} /> : null}
      </div>
    </section>
  );
}

/** Whoever only looks types nowhere. */
function isForMe(tab: Tab): boolean {
  return (tab !== 'console' && tab !== 'shell') || mayChange.value;
}

function moveTab(event: KeyboardEvent, from: Tab): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
  if (step === 0) return;
  const tabs = TABS.filter(isForMe);
  const to = tabs[(tabs.indexOf(from) + step + tabs.length) % tabs.length] ?? from;
  setQuery({ tab: to === 'overview' ? '' : to });
  document.getElementById(`tab-${to}`)?.focus();
}

/** What the server says of it, asked for again whenever something happens to it. */
function useShown(name: string): [Shown | undefined, boolean] {
  const [shown, setShown] = useState<Shown>();
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    setGone(false);
    const ask = async () => {
      timer = undefined;
      try {
        const answer = await call('nodes.show', { node: name });
        if (!isOver) setShown(answer);
      } catch (reason) {
        if (isOver) return;
        if (reason instanceof CallError && reason.status === 404) setGone(true);
        else notify('bad', sentenceOf(reason));
      }
    };
    ask();
    const end = lastEvent.subscribe((event) => {
      if (event === undefined || timer !== undefined || !isAbout(event, name)) return;
      timer = setTimeout(ask, AGAIN_MS);
    });
    return () => {
      isOver = true;
      end();
      clearTimeout(timer);
    };
  }, [name]);
  return [shown, isGone];
}

function isAbout(event: object, name: string): boolean {
  const { name: one, node, from, after } = event as Record<string, unknown>;
  const changed = (after as { name?: unknown } | undefined)?.name;
  return [one, node, from, changed].includes(name);
}
