// Sends a file as the answer to a call: all of it, the part that is asked for, or nothing where the caller has it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readRange } from '../../protocol/http/byte-range.ts';
import { allowsRange, hasTag } from '../../protocol/http/entity-tag.ts';
import type { SentFile } from '../calls/call.ts';
import { errorBody } from './error-reply.ts';

/** Takes the file over: it is closed when it is sent, and when the caller goes. */
export async function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { handle, size, tag, name, type }: SentFile & { readonly type: string },
): Promise<unknown> {
  const etag = `"${tag}"`;
  reply.headers({
    ...{ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache' },
    ...{ 'x-content-type-options': 'nosniff' },
    'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
  });
  const ifRange = headers['if-range']?.toString();
  const range = allowsRange(ifRange, etag) ? readRange(headers.range, size) : undefined;
  const isKnown = hasTag(headers['if-none-match'], etag);
  if (isKnown || range === 'unsatisfiable') {
    await handle.close();
    if (isKnown) return reply.code(304).send();
    const message = `Cannot send this part of ${name}: it has ${size} bytes`;
    return reply
      .code(416)
      .header('content-range', `bytes */${size}`)
      .send(errorBody(416, { message, code: 'bad-range' }));
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  if (range !== undefined)
    reply.code(206).header('content-range', `bytes ${first}-${last}/${size}`);
  reply.type(type).header('content-length', last - first + 1);
  if (size === 0) {
    await handle.close();
    return reply.send('');
  }
  const bytes = handle.createReadStream({ start: first, end: last });
  // A caller who goes in the middle leaves nothing open.
  reply.raw.once('close', () => bytes.destroy());
  return reply.send(bytes);
}
