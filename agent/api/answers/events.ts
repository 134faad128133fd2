// Answers to the calls of calls/events.ts.
import { RequestError } from '../../errors.ts';
import type { EventFeed } from '../../events/feed/feed.ts';
import { TOLD_KINDS } from '../../events/feed/kinds.ts';
import type { Answers } from '../calls/call.ts';
import type { eventCalls } from '../calls/events.ts';
import { within } from './lines/within.ts';

/** What these answers need. */
export type EventParts = { readonly feed: Pick<EventFeed, 'follow'> };

/** Answers to the calls of calls/events.ts. */
export function eventAnswers({ feed }: EventParts): Answers<typeof eventCalls> {
  return {
    'events.follow': ({ types, seconds }, { user, from, signal, lastEventId: after }) =>
      feed.follow({
        signal: within(seconds, signal),
        holder: { user, from },
        kinds: kindsOf(types),
        after,
      }),
  };
}

function kindsOf(types: string | undefined): ReadonlySet<string> | undefined {
  if (types === undefined) return undefined;
  const kinds = types.split(',').map((type) => type.trim());
  const known: readonly string[] = TOLD_KINDS;
  const wrong = kinds.find((kind) => !known.includes(kind));
  if (wrong === undefined) return new Set(kinds);
  const expected = `expected some of ${known.join(', ')}`;
  throw new RequestError(400, `Cannot follow events: there is no type '${wrong}', ${expected}`);
}
