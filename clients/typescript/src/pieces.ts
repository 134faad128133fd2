// Answers that come piece by piece: lines of JSON, and events.
import { WaltError } from './walt-error.ts';

/** An event of the platform. */
export type PlatformEvent<Data> = {
  /** by which somebody goes on behind it */
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Data;
};

/** Each line of text. */
export async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of bytes) {
    const lines = `${rest}${decoder.decode(part, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** @throws {WaltError} where a line says why no other one comes */
export async function* jsonLines<Line>(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  for await (const text of textLines(bytes)) {
    const line = JSON.parse(text) as Line;
    const fields = Object.entries(line as object);
    if (fields.length === 1 && fields[0]?.[0] === 'error')
      throw new WaltError(String(fields[0][1]));
    yield line;
  }
}

/** Events as `text/event-stream` has them. */
export async function* events<Data>(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<PlatformEvent<Data>> {
  let fields: Record<string, string> = {};
  for await (const text of textLines(bytes)) {
    if (text !== '') {
      const [, name, value = ''] = /^([a-z]+): (.*)$/.exec(text) ?? [];
      if (name !== undefined) fields[name] = value;
      continue;
    }
    const { id, event, data } = fields;
    fields = {};
    if (event !== undefined && data !== undefined) {
      yield { id, event, data: JSON.parse(data) as Data };
    }
  }
}
