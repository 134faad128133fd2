// The answer to a request that works on an image for a while: steps as they come, then how it ended.
import { messageOf } from '../../errors.ts';
import type { Image } from '../../images/image.ts';
import type { ImageLine } from '../calls/image-line.ts';
import { type ImageUsers, viewImage } from './views.ts';

/** With which work on an image tells how far it is. */
export type ImageWork = {
  readonly progress: (text: string) => void;
  readonly say: (line: ImageLine) => void;
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
  let waiting: ImageLine[] = [];
  let isOver = false;
  let wake = () => {};
  const say = (line: ImageLine) => {
    if (!signal.aborted) waiting.push(line);
    wake();
  };
  work({ say, progress: (text) => say({ kind: 'step', text }) })
    .then((image) => image && say({ kind: 'done', image: viewImage(image, users) }))
    .catch((reason: unknown) => say({ kind: 'failed', error: messageOf(reason) }))
    .finally(() => {
      isOver = true;
      wake();
    });
  for (;;) {
    const page = waiting;
    waiting = [];
    if (page.length > 0) yield page;
    if (waiting.length > 0) continue;
    if (isOver) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
