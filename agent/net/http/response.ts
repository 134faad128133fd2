/** One response of the HTTP server: its status, its headers, and the bytes that follow. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ByteRange, readRange } from '../../protocol/http/byte-range.ts';
import { allowsRange, hasTag } from '../../protocol/http/entity-tag.ts';
import type { HttpContent } from './content.ts';
import type { SendTurns } from './send-turns.ts';

/** Bytes of the body that were handed to the kernel, and whether that was all; `refused`: there is no such part. */
export type Sent = { readonly bytes: number; readonly outcome: 'complete' | 'aborted' | 'refused' };

/** A response without content but `body`. A refusal has none: some boot loaders run whatever they receive. */
export function endResponse(
  response: ServerResponse,
  status: number,
  { body = '', headers = {} }: { readonly body?: string; readonly headers?: object } = {},
): void {
  response.writeHead(status, {
    'Content-Length': Buffer.byteLength(body),
    'Content-Type': 'text/plain',
    ...headers,
  });
  response.end(body);
}

/**
 * Answers GET or HEAD with content, or the part of it that the request wants.
 * @throws what keeps the content from being read; the response is not ended then
 */
export async function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  { content, turns }: { readonly content: HttpContent; readonly turns: SendTurns },
): Promise<Sent> {
  const { headers } = request;
  const { size, tag, type } = content;
  const named = { ETag: tag, 'Accept-Ranges': 'bytes' };
  if (hasTag(headers['if-none-match'], tag)) {
    response.writeHead(304, named).end();
    return { bytes: 0, outcome: 'complete' };
  }
  // A range means nothing to HEAD (RFC 9110 §14.2).
  const isPart = request.method === 'GET' && allowsRange(headers['if-range']?.toString(), tag);
  const range = isPart ? readRange(headers.range, size) : undefined;
  if (range === 'unsatisfiable') {
    endResponse(response, 416, { headers: { ...named, 'Content-Range': `bytes */${size}` } });
    return { bytes: 0, outcome: 'refused' };
  }
  const head = () => writeHead(response, { range, size, type, named });
  const whole = { first: 0, last: size - 1 };
  if (request.method === 'GET' && size > 0) {
    const body = { chunks: content.read(range ?? whole), turns };
    return await sendBody(response, body, head);
  }
  head();
  response.end();
  return { bytes: 0, outcome: 'complete' };
}

/**
 * GRUB knows the names of headers only as they are written here, and waits half a minute for the end of a file of
 * unknown length.
 */
function writeHead(
  response: ServerResponse,
  options: {
    readonly range: ByteRange | undefined;
    readonly size: number;
    readonly type: string;
    readonly named: Readonly<Record<string, string>>;
  },
): void {
  const { range, size, named } = options;
  const typed = { 'Content-Type': options.type, ...named };
  if (range === undefined) {
    response.writeHead(200, { 'Content-Length': size, ...typed });
    return;
  }
  const { first, last } = range;
  const part = {
    'Content-Length': last - first + 1,
    'Content-Range': `bytes ${first}-${last}/${size}`,
  };
  response.writeHead(206, { ...part, ...typed });
}

/**
 * What is thrown here is the disk's: a client that goes away ends the response, which is no error.
 * @param head is called once the first bytes could be read
 */
async function sendBody(
  response: ServerResponse,
  { chunks, turns }: { readonly chunks: AsyncIterable<Uint8Array>; readonly turns: SendTurns },
  head: () => void,
): Promise<Sent> {
  let bytes = 0;
  for await (const chunk of chunks) {
    if (bytes === 0) head();
    await turns.take();
    await sendPart(response, chunk);
    if (response.destroyed) return { bytes, outcome: 'aborted' };
    bytes += chunk.length;
  }
  response.end();
  if (!response.writableFinished) await finished(response);
  return { bytes, outcome: response.writableFinished ? 'complete' : 'aborted' };
}

/** Resolves when the kernel has all of it, or the client is gone. */
async function sendPart(response: ServerResponse, part: Uint8Array): Promise<void> {
  if (response.destroyed) return;
  const sent = Promise.withResolvers<void>();
  response.once('close', sent.resolve);
  response.write(part, () => sent.resolve());
  await sent.promise;
  response.off('close', sent.resolve);
}

/** Resolves when all of it has left, or the client is gone. */
async function finished(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([
    once(response, 'finish', { signal }),
    once(response, 'close', { signal }),
  ]).catch(() => undefined);
  over.abort();
}
