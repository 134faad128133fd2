// A terminal of xterm at one end of a WebSocket of the API: binary frames are what it shows and what is typed, frames of text what is
// said beside.
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { styledDocument } from './styled-document.ts';

/** How the WebSocket stands, and why it has closed, if somebody has said it. */
export type Link = {
  readonly state: 'connecting' | 'open' | 'closed';
  readonly text: string;
};

type Size = { readonly columns: number; readonly rows: number };

/** What is at the other end, and who hears of it. */
export type TerminalEnd<Told> = {
  /** of the call; the terminal has its first size by then */
  readonly pathOf: (size: Size) => string;
  readonly onSocket?: (socket: WebSocket) => void;
  readonly onLink: (link: Link) => void;
  /** @returns why the other end closes, where this says it */
  readonly onTold: (told: Told) => string | undefined;
};

const COLOURS = { background: '#11151b', foreground: '#dde3ea', cursor: '#7fb0ff' };

/** Opens it in a place of the page. @returns closes it */
export function openTerminal<Told>(place: HTMLElement, end: TerminalEnd<Told>): () => void {
  const { terminal, dispose } = terminalIn(place);
  const { pathOf, onSocket, onLink, onTold } = end;
  const sizeNow = () => ({ columns: terminal.cols, rows: terminal.rows });
  const path = pathOf(sizeNow());
  const socket = new WebSocket(`wss://${location.host}${path}`);
  socket.binaryType = 'arraybuffer';
  onLink({ state: 'connecting', text: '' });
  onSocket?.(socket);
  let wasOpen = false;
  let isLeft = false;
  let why = '';
  const send = (frame: string | Uint8Array<ArrayBuffer>) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  };
  const sendSize = () => send(JSON.stringify({ type: 'size', ...sizeNow() }));
  socket.addEventListener('open', () => {
    wasOpen = true;
    onLink({ state: 'open', text: '' });
    sendSize();
    terminal.focus();
  });
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') why = onTold(JSON.parse(data)) ?? why;
    else terminal.write(new Uint8Array(data));
  });
  socket.addEventListener('close', async () => {
    const text = wasOpen ? why : await refusalOf(path);
    if (!isLeft) onLink({ state: 'closed', text });
  });
  const bytes = new TextEncoder();
  terminal.onData((text) => send(bytes.encode(text)));
  terminal.onResize(sendSize);
  return () => {
    isLeft = true;
    socket.close();
    dispose();
  };
}

function terminalIn(place: HTMLElement): { terminal: Terminal; dispose: () => void } {
  const { styled, during, dispose: disposeStyles } = styledDocument(document);
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
  return {
    terminal,
    dispose: () => {
      watch.disconnect();
      terminal.dispose();
      disposeStyles();
    },
  };
}

/** A browser does not tell why a WebSocket was refused: the same question without one is answered in a sentence. */
async function refusalOf(path: string): Promise<string> {
  const response = await fetch(path).catch(() => undefined);
  if (response === undefined || response.status === 426) return '';
  const { error = '' } = await response.json().catch(() => ({}));
  return error;
}
