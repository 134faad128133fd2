// Reaction: what happened goes to whoever follows the events by the API.
import { LineShares } from '../../journal/line-shares.ts';
import type { EventFeed } from '../feed/feed.ts';
import { TOLD_KINDS } from '../feed/kinds.ts';
import type { Publisher } from '../publisher.ts';

/**
 * Of what anybody on walt-net can make happen, so many are told as the log has lines. Boots are all told: their stages are on disk
 * too.
 * @param now milliseconds of a steady clock
 */
export function feedEvents(
  publisher: Publisher,
  feed: Pick<EventFeed, 'add'>,
  now: () => number,
): void {
  const shares = new LineShares(now);
  publisher.on('events', TOLD_KINDS, (event, at) => {
    if (event.kind === 'boot' || shares.take(event) !== undefined) feed.add(event, at);
  });
}
