// The answer to a request that works on an image for a while: steps as they come, then how it ended.
import { messageOf } from '../../errors.ts';
import { BoundedQueue } from '../../host/bounded-queue.ts';
import type { Image } from '../../images/content/image.ts';
import type { ImageLine } from '../calls/image-line.ts';
import { type ImageUsers, viewImage } from './views.ts';

/** A caller who does not read has so many lines in memory; older ones are left out. */
const MOST_WAITING = 1000;

/** With which work on an image tells how far it is. */
export type ImageWork = {
  readonly progress: (text: string) => void;
  readonly say: (line: ImageLine) => void;
  /** As `say`; resolves when it and all lines before it were taken. */
  readonly sayAndWait: (line: ImageLine) => Promise<void>;
};

/**
 * Begins the work when the first line is asked for; it goes on when nobody listens any more.
 * @param signal aborts when whoever asked has gone
 * @param work its result, if it has one, is the last line
 */
export async function* imageLines(
  users: ImageUsers,
  signal: AbortSignal,
  work: (tools: ImageWork) => Promise<Image | undefined>,
): AsyncGenerator<ImageLine[]> {
  const waiting = new BoundedQueue<ImageLine>(MOST_WAITING);
  let isOver = false;
  const say = (line: ImageLine) => {
    if (!signal.aborted) waiting.push(line);
  };
  let taken = Promise.withResolvers<void>();
  const sayAndWait = async (line: ImageLine) => {
    say(line);
    await taken.promise;
  };
  work({ say, sayAndWait, progress: (text) => say({ kind: 'step', text }) })
    .then((image) => image && say({ kind: 'done', image: viewImage(image, users) }))
    .catch((reason: unknown) => say({ kind: 'failed', error: messageOf(reason) }))
    .finally(() => {
      isOver = true;
      waiting.wake();
    });
  for (;;) {
    const isLast = isOver;
    const { items, dropped } = waiting.take();
    taken.resolve();
    taken = Promise.withResolvers();
    if (dropped > 0) yield [{ kind: 'step', text: `${dropped} steps are not shown` }];
    if (items.length > 0) yield [...items];
    if (isLast) return;
    if (!isOver) await waiting.filled();
  }
}
