// Consoles and shells of a server on another machine: one WebSocket has what is said and what is typed. Commands make the same calls as on
// the server's own machine, and see the same lines.
import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { ProgramLine } from '../../api/calls/lines/program-line.ts';
import type { ConsoleLine } from '../../api/calls/people/consoles.ts';

/** A frame as it came. */
type Frame = Uint8Array | Readonly<Record<string, unknown>>;

type Options = {
  /** Opens the WebSocket of a path; nothing is read yet. @throws {CommandError} if the server refuses */
  readonly open: (path: string) => Promise<WebSocket>;
  /** what is thrown when the server, or the way to it, has gone */
  readonly lost: () => Error;
};

/** Frames in memory until the terminal takes them; then the server has to wait. */
const MOST_WAITING = 16;
/** Calls that say something to what was opened, and what of theirs goes there. */
const SAYING = ['shells.type', 'shells.resize', 'consoles.type', 'consoles.leave'];

/** What is open. */
export class RemoteFrames {
  readonly #options: Options;
  readonly #opened = new Map<string, WebSocket>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The lines of a call that has a WebSocket; undefined of another call. */
  lines(name: string, asked: object): AsyncGenerator<ConsoleLine | ProgramLine> | undefined {
    const { device, node = device, terminal, follows, ...fields } = asked as Asked;
    if (node === undefined || follows === false) return undefined;
    const place = `/api/v1/nodes/${encodeURIComponent(node)}`;
    const { type, ...size } = terminal ?? {};
    const query = queryOf({ ...fields, ...size, terminal: type });
    if (name === 'nodes.shell') return this.#shell(`${place}/shell${query}`);
    return name === 'consoles.open' ? this.#console(`${place}/console${query}`) : undefined;
  }

  /** Sends what belongs to something that is open. @returns false where it does not */
  async say(name: string, asked: object): Promise<boolean> {
    const { id = '', data = '', isEnd = false, columns, rows } = asked as Saying;
    const socket = this.#opened.get(id);
    if (socket === undefined || !SAYING.includes(name)) return false;
    if (name === 'consoles.leave') socket.close(1000);
    if (name === 'shells.resize') await send(socket, { type: 'size', columns, rows });
    if (data !== '') await send(socket, Buffer.from(data, 'base64'));
    if (isEnd) await send(socket, { type: 'end' });
    return true;
  }

  async *#shell(path: string): AsyncGenerator<ProgramLine> {
    const socket = await this.#options.open(path);
    const frames = framesOf(socket, this.#options);
    const id = this.#add(socket);
    yield { kind: 'shell', id };
    let isError = false;
    try {
      for await (const frame of frames) {
        if (frame instanceof Uint8Array) yield { kind: 'output', data: base64(frame), isError };
        else if (frame.type === 'output') isError = frame.isError === true;
        else if (frame.type === 'exit') return yield endedOf(frame);
        else if (frame.type === 'error') yield { kind: 'failed', error: String(frame.error) };
      }
    } finally {
      this.#remove(id);
    }
  }

  async *#console(path: string): AsyncGenerator<ConsoleLine> {
    const socket = await this.#options.open(path);
    const frames = framesOf(socket, this.#options);
    const id = this.#add(socket);
    let hasBegun = false;
    let said: Said | undefined;
    try {
      for await (const frame of frames) {
        if (frame instanceof Uint8Array) {
          if (said !== undefined) yield { kind: 'output', ...said, data: base64(frame) };
          continue;
        }
        const { type, ...fields } = frame;
        if (type === 'said') said = fields as Said;
        if (type === 'missed') yield { kind: 'missed', ...(fields as { readonly bytes: number }) };
        if (type === 'error') yield ofServer(String(fields.error), said);
        if (type !== 'writer') continue;
        const { writer, isYou } = fields as Writer;
        yield hasBegun
          ? { kind: 'writer', writer, isYou }
          : { kind: 'open', id, isWriter: isYou, writer };
        hasBegun = true;
      }
    } finally {
      this.#remove(id);
    }
  }

  #add(socket: WebSocket): string {
    const id = randomUUID();
    this.#opened.set(id, socket);
    return id;
  }

  #remove(id: string): void {
    this.#opened.get(id)?.close(1000);
    this.#opened.delete(id);
  }
}

type Asked = {
  readonly node?: string;
  readonly device?: string;
  readonly follows?: boolean;
  readonly terminal?: { readonly type: string; readonly columns: number; readonly rows: number };
};
type Saying = {
  readonly id?: string;
  readonly data?: string;
  readonly isEnd?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};
type Said = Pick<Extract<ConsoleLine, { kind: 'output' }>, 'source' | 'at' | 'next'>;
type Writer = { readonly writer: string | null; readonly isYou: boolean };

function endedOf({ status }: Readonly<Record<string, unknown>>): ProgramLine {
  return { kind: 'ended', status: typeof status === 'number' ? status : null };
}

/** Why keys were not typed is shown where they would be. */
function ofServer(error: string, said: Said | undefined): ConsoleLine {
  const bytes = Buffer.from(`[walt: ${error}]\r\n`);
  const { at = 0, next = 0 } = said ?? {};
  return { kind: 'output', source: 'server', at, next, data: base64(bytes) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function queryOf(fields: object): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(
    Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  );
  return query.size === 0 ? '' : `?${query}`;
}

function send(socket: WebSocket, frame: Uint8Array | object): Promise<void> {
  const bytes = frame instanceof Uint8Array ? frame : JSON.stringify(frame);
  // That the server has gone is noticed by what it says.
  return new Promise((resolve) => socket.send(bytes, () => resolve()));
}

/** Frames as they come, until the server ends them */
function framesOf(socket: WebSocket, { lost }: Pick<Options, 'lost'>): AsyncGenerator<Frame> {
  const waiting: Frame[] = [];
  let wake = () => {};
  let end: number | undefined;
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = data as Buffer;
    waiting.push(isBinary ? bytes : JSON.parse(String(bytes)));
    if (waiting.length >= MOST_WAITING) socket.pause();
    wake();
  });
  socket.on('error', () => socket.terminate());
  socket.once('close', (code: number) => {
    end = code;
    wake();
  });
  return (async function* () {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (end === 1000) return;
      else if (end !== undefined) throw lost();
      else {
        socket.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  })();
}
