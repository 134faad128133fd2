// The console of a node in a terminal, loaded when it is opened.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { may } from '../../state/me.ts';
import { notify } from '../../state/notices.ts';
import { texts } from '../../texts.ts';
import { styledDocument } from './styled-document.ts';

const says = texts.console;

/** What the server says beside the bytes of the terminal. */
type Told =
  | { readonly type: 'writer'; readonly writer: string | null; readonly isYou: boolean }
  | { readonly type: 'said' | 'missed' }
  | { readonly type: 'error'; readonly error: string };

type Link = { readonly state: 'connecting' | 'open' | 'closed'; readonly text: string };

const COLOURS = { background: '#11151b', foreground: '#dde3ea', cursor: '#7fb0ff' };

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
    return openTerminal(current, {
      ...{ name, takesOthers: may('operator') },
      onSocket: (made) => {
        socket.current = made;
      },
      onLink: setLink,
      onWriter: setWriter,
    });
  }, [name, round]);
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

type Ears = {
  readonly name: string;
  readonly takesOthers: boolean;
  readonly onSocket: (socket: WebSocket) => void;
  readonly onLink: (link: Link) => void;
  readonly onWriter: (writer: { readonly who: string | null; readonly isYou: boolean }) => void;
};

/** @returns closes it */
function openTerminal(
  place: HTMLElement,
  { name, takesOthers, onSocket, onLink, onWriter }: Ears,
): () => void {
  const asking = new URLSearchParams({ history: '500', takesOthers: String(takesOthers) });
  const { styled, during, dispose } = styledDocument(document);
  const terminal = new Terminal({
    ...{ documentOverride: styled, theme: COLOURS, fontSize: 13, scrollback: 5000 },
    ...{ fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace' },
    ...{ screenReaderMode: true, cursorBlink: true },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  during(() => terminal.open(place));
  fit.fit();
  const watch = new ResizeObserver(() => fit.fit());
  watch.observe(place);
  onLink({ state: 'connecting', text: '' });
  const path = `/api/v1/nodes/${encodeURIComponent(name)}/console?${asking}`;
  const socket = new WebSocket(`wss://${location.host}${path}`);
  socket.binaryType = 'arraybuffer';
  onSocket(socket);
  let wasOpen = false;
  const sendSize = () => {
    const { cols: columns, rows } = terminal;
    if (socket.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify({ type: 'size', columns, rows }));
  };
  socket.addEventListener('open', () => {
    wasOpen = true;
    onLink({ state: 'open', text: '' });
    sendSize();
    terminal.focus();
  });
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') {
      terminal.write(new Uint8Array(data));
      return;
    }
    const told: Told = JSON.parse(data);
    if (told.type === 'writer') onWriter({ who: told.writer, isYou: told.isYou });
    if (told.type === 'error') notify('bad', told.error);
  });
  socket.addEventListener('close', async () => {
    onLink({ state: 'closed', text: wasOpen ? '' : await refusalOf(path) });
  });
  const bytes = new TextEncoder();
  terminal.onData((text) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(bytes.encode(text));
  });
  terminal.onResize(sendSize);
  return () => {
    watch.disconnect();
    socket.close();
    terminal.dispose();
    dispose();
  };
}

/** A browser does not tell why a WebSocket was refused: the same question without one is answered in a sentence. */
async function refusalOf(path: string): Promise<string> {
  const response = await fetch(path).catch(() => undefined);
  if (response === undefined || response.status === 426) return says.closed;
  const { error = says.closed } = await response.json().catch(() => ({}));
  return error;
}
