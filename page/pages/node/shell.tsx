// A shell of root on a running node in a terminal. It ends with the tab: nothing of it is left on the node.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { may } from '../../state/me.ts';
import { texts } from '../../texts.ts';
import { type Link, openTerminal } from './terminal.ts';

const says = texts.shell;
const TERMINAL = 'xterm-256color';

/** What the server says beside the bytes of the terminal. */
type Told =
  | { readonly type: 'output' }
  | { readonly type: 'exit'; readonly status: number | null }
  | { readonly type: 'error'; readonly error: string };

/** The node, as far as it is known before the server is asked. */
export type ShellNode = {
  readonly name: string;
  readonly owner: string;
  /** it is neither free nor of who looks */
  readonly isOthers: boolean;
};

/** A button, and what it opens. Whoever only looks at the tab is logged in nowhere. */
export function Shell({ node: { name, owner, isOthers } }: { readonly node: ShellNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [link, setLink] = useState<Link>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const { current } = place;
    if (current === null || round === 0) return;
    return openTerminal<Told>(current, {
      pathOf: ({ columns, rows }) => shellPath(name, { columns, rows }),
      onLink: setLink,
      onTold,
    });
    // A shell that is open stays so where the node gets another name.
  }, [round]);
  if (isOthers && !may('operator')) return <p class="hint">{says.ofOthers(owner)}</p>;
  return (
    <div class="console">
      <div class="console-bar">
        <span role="status" class={link === undefined ? 'hint' : `link ${link.state}`}>
          {statusOf(link)}
        </span>
        {link === undefined || link.state === 'closed' ? (
          <button type="button" onClick={() => setRound(round + 1)}>
            <Icon name="power" />{' '}
            {link !== undefined ? says.reopen : isOthers ? says.openOthers(owner) : says.open}
          </button>
        ) : null}
      </div>
      {round === 0 ? null : (
        <div
          class="console-place"
          ref={place}
          key={round}
          role="region"
          aria-label={says.label(name)}
        />
      )}
    </div>
  );
}

function shellPath(
  name: string,
  size: { readonly columns: number; readonly rows: number },
): string {
  const asking = new URLSearchParams({
    ...{ terminal: TERMINAL, takesOthers: String(may('operator')) },
    ...{ columns: String(size.columns), rows: String(size.rows) },
  });
  return `/api/v1/nodes/${encodeURIComponent(name)}/shell?${asking}`;
}

function statusOf(link: Link | undefined): string {
  if (link === undefined) return says.help;
  if (link.state === 'connecting') return says.connecting;
  return link.state === 'open' ? says.connected : link.text || says.lost;
}

function onTold(told: Told): string | undefined {
  if (told.type === 'error') return told.error;
  return told.type === 'exit' ? says.ended(told.status) : undefined;
}
