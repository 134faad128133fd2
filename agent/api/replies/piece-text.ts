// Replies that come piece by piece, as they are written: lines of JSON, or messages for followers of events.
import type { Message } from '../calls/call.ts';

/** Pages of a reply become text. */
type PieceText = {
  /** of the content */
  readonly type: string;
  readonly textOf: (pages: AsyncIterable<readonly unknown[]>) => AsyncGenerator<string>;
};

/** One JSON value a line. */
export const LINES: PieceText = {
  type: 'application/x-ndjson',
  textOf: (pages) => joined(pages, (line) => `${JSON.stringify(line)}\n`),
};

/** Messages as browsers read them. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const MESSAGES: PieceText = {
  type: 'text/event-stream',
  textOf: (pages) => joined(pages, (message) => messageText(message as Message)),
};

async function* joined(
  pages: AsyncIterable<readonly unknown[]>,
  textOf: (piece: unknown) => string,
): AsyncGenerator<string> {
  for await (const page of pages) yield page.map(textOf).join('');
}

/** JSON has no line ends outside of its strings, where they are escaped. */
function messageText({ id, event, data }: Message): string {
  const fields = Object.entries({ id, event, data }).filter(([, value]) => value !== undefined);
  const lines = fields.map(([name, value]) => `${name}: ${value}\n`);
  // A comment: proxies and browsers see that the connection lives.
  return data === undefined ? `: here\n${lines.join('')}\n` : `${lines.join('')}\n`;
}
