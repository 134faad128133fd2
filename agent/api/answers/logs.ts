// Answers to the calls of `walt log …`.
import type { LogReader } from '../../journal/log-reader.ts';
import type { Answers } from '../calls/call.ts';
import type { logCalls } from '../calls/logs.ts';

/** What these answers need. */
export type LogParts = { readonly logs: Pick<LogReader, 'history' | 'follow' | 'sources'> };

/** Answers to the calls of calls/logs.ts. */
export function logAnswers({ logs }: LogParts): Answers<typeof logCalls> {
  return {
    'logs.read': ({ realtime, issuers, streams, ...others }, { signal }) => {
      const wanted = { ...others, issuers: issuers?.split(','), streams: streams?.split(',') };
      return realtime ? logs.follow(signal, wanted) : logs.history(wanted);
    },
    'logs.sources': async () => ({ sources: await logs.sources() }),
  };
}
