// Answers to the calls of `walt log …`.
import type { Checkpoints } from '../../journal/checkpoints.ts';
import type { LogReader } from '../../journal/log-reader.ts';
import type { Answers } from '../calls/call.ts';
import type { logCalls } from '../calls/logs.ts';
import { within } from './lines/within.ts';

/** What these answers need. */
export type LogParts = {
  readonly logs: Pick<LogReader, 'history' | 'follow' | 'sources'>;
  readonly checkpoints: Pick<Checkpoints, 'of' | 'add' | 'remove'>;
};

/** Answers to the calls of calls/logs.ts. */
export function logAnswers({ logs, checkpoints }: LogParts): Answers<typeof logCalls> {
  return {
    'logs.read': ({ realtime, seconds, ...asked }, { user, from, signal }) => {
      const sources = {
        issuers: asked.issuers?.split(','),
        streams: asked.streams?.split(','),
        exceptStreams: asked.exceptStreams?.split(','),
      };
      const wanted = { ...asked, ...sources, by: user };
      if (!realtime) return logs.history(wanted, signal);
      return logs.follow(within(seconds, signal), wanted, { user, from });
    },
    'logs.sources': async () => ({ sources: await logs.sources() }),
    'logs.checkpoints': async (_, { user }) => ({
      checkpoints: (await checkpoints.of(user)).map(viewOf),
    }),
    'logs.addCheckpoint': async ({ name, at }, { user }) =>
      viewOf(await checkpoints.add({ user, name, ...(at === undefined ? {} : { at }) })),
    'logs.removeCheckpoint': async ({ name }, { user }) =>
      viewOf(await checkpoints.remove(user, name)),
  };
}

function viewOf({ name, at }: { readonly name: string; readonly at: number }) {
  return { name, at };
}
