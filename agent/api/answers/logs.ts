// Answers to the calls of `walt log …`.
import type { LogReader } from '../../journal/log-reader.ts';
import type { Answers } from '../calls/call.ts';
import type { LogView, logCalls } from '../calls/logs.ts';

/** What these answers need. */
export type LogParts = { readonly logs: Pick<LogReader, 'history' | 'follow'> };

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Answers to the calls of calls/logs.ts. */
export function logAnswers({ logs }: LogParts): Answers<typeof logCalls> {
  return {
    'logs.read': ({ from, to, stream = '', realtime }, { signal }) => {
      const isAll = from === undefined && to === undefined;
      const span = { from: from ?? ALL.from, to: to ?? ALL.to };
      const past = realtime && isAll ? undefined : span;
      const pages = realtime ? logs.follow(signal, past) : logs.history(span);
      return viewLogs(pages, stream);
    },
  };
}

async function* viewLogs(
  pages: AsyncIterable<readonly LogView[]>,
  streamPrefix: string,
): AsyncGenerator<LogView[]> {
  for await (const page of pages) {
    const wanted = page.filter(({ stream }) => stream.startsWith(streamPrefix));
    yield wanted.map(({ at, issuer, stream, line }) => ({ at, issuer, stream, line }));
  }
}
