// The console of a node in a terminal, loaded when it is opened.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { may } from '../../state/me.ts';
import { notify } from '../../state/notices.ts';
import { texts } from '../../texts.ts';
import { type Link, openTerminal } from './terminal.ts';

const says = texts.console;

/** What the server says beside the bytes of the terminal. */
type Told =
  | { readonly type: 'writer'; readonly writer: string | null; readonly isYou: boolean }
  | { readonly type: 'said' | 'missed' }
  | { readonly type: 'error'; readonly error: string };

/** A terminal, and who types in it. */
export function Console({ name }: { readonly name: string }) {
  const place = useRef<HTMLDivElement>(null);
  const socket = useRef<WebSocket | undefined>(undefined);
  const [link, setLink] = useState<Link>({ state: 'connecting', text: '' });
  const [writer, setWriter] = useState<{ readonly who: string | null; readonly isYou: boolean }>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const asking = new URLSearchParams({ history: '500', takesOthers: String(may('operator')) });
    return openTerminal<Told>(current, {
      pathOf: () => `/api/v1/nodes/${encodeURIComponent(name)}/console?${asking}`,
      onSocket: (made) => {
        socket.current = made;
      },
      onLink: setLink,
      onTold: (told) => {
        if (told.type === 'writer') setWriter({ who: told.writer, isYou: told.isYou });
        if (told.type === 'error') notify('bad', told.error);
        return undefined;
      },
    });
    // It stays open where the node gets another name.
  }, [round]);
  const status =
    writer?.isYou === true ? says.writing : writer?.who ? says.reading(writer.who) : says.watch;
  return (
    <div class="console">
      <div class="console-bar">
        <span role="status" class={`link ${link.state}`}>
          {link.state === 'open'
            ? status
            : link.state === 'connecting'
              ? says.connecting
              : link.text || says.closed}
        </span>
        {link.state === 'open' && writer?.isYou !== true ? (
          <button type="button" onClick={() => socket.current?.send('{"type":"take"}')}>
            {says.take}
          </button>
        ) : null}
        {link.state === 'closed' ? (
          <button type="button" onClick={() => setRound(round + 1)}>
            <Icon name="power" /> {says.reopen}
          </button>
        ) : null}
      </div>
      <div class="console-place" ref={place} role="region" aria-label={says.label(name)} />
    </div>
  );
}
