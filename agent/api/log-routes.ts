// Routes of `walt log …`: log lines as JSON, one object a line, the past first and then, if asked, the present.
import { Readable } from 'node:stream';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import { type LogView, logsQuery } from './types.ts';

export function logRoutes(api: Api, { logs }: Platform): void {
  api.get('/api/v1/logs', { schema: { querystring: logsQuery } }, async ({ query, raw }, reply) => {
    const gone = new AbortController();
    raw.socket.once('close', () => gone.abort());
    const span =
      query.from === undefined && query.to === undefined
        ? undefined
        : { from: query.from ?? 0, to: query.to ?? Number.MAX_SAFE_INTEGER };
    const pages = query.realtime
      ? logs.follow(gone.signal, span)
      : logs.history(span ?? { from: 0, to: Number.MAX_SAFE_INTEGER });
    reply.type('application/x-ndjson');
    return reply.send(Readable.from(lines(pages, query.stream ?? '')));
  });
}

async function* lines(
  pages: AsyncIterable<readonly LogView[]>,
  streamPrefix: string,
): AsyncGenerator<string> {
  for await (const page of pages) {
    const wanted = page.filter(({ stream }) => stream.startsWith(streamPrefix));
    yield wanted
      .map(({ at, issuer, stream, line }) => `${JSON.stringify({ at, issuer, stream, line })}\n`)
      .join('');
  }
}
