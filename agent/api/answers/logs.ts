// Answers to the calls of `walt log …`.
import type { LogReader } from '../../journal/log-reader.ts';
import type { Answers } from '../calls/call.ts';
import type { logCalls } from '../calls/logs.ts';

/** What these answers need. */
export type LogParts = { readonly logs: Pick<LogReader, 'history' | 'follow' | 'sources'> };

/** Answers to the calls of calls/logs.ts. */
export function logAnswers({ logs }: LogParts): Answers<typeof logCalls> {
  return {
    'logs.read': ({ realtime, seconds, issuers, streams, ...others }, { signal }) => {
      const wanted = { ...others, issuers: issuers?.split(','), streams: streams?.split(',') };
      return realtime ? logs.follow(within(seconds, signal), wanted) : logs.history(wanted);
    },
    'logs.sources': async () => ({ sources: await logs.sources() }),
  };
}

/** @returns a signal that aborts with the given one, or after so many seconds */
function within(seconds: number | undefined, signal: AbortSignal): AbortSignal {
  if (seconds === undefined) return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(seconds * 1000))]);
}
