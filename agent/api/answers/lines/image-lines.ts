// The answer to a request that works on an image for a while: steps as they come, then how it ended.
import { messageOf } from '../../../errors.ts';
import type { Image } from '../../../images/content/image.ts';
import type { ImageLine } from '../../calls/lines/image-line.ts';
import { type ImageUsers, viewImage } from '../views.ts';
import { type Telling, workLines } from './work-lines.ts';

/** With which work on an image tells how far it is. */
export type ImageWork = Telling<ImageLine> & { readonly progress: (text: string) => void };

/**
 * Begins the work when the first line is asked for; it goes on when nobody listens any more.
 * @param signal aborts when whoever asked has gone
 * @param work its result, if it has one, is the last line
 */
export function imageLines(
  users: ImageUsers,
  signal: AbortSignal,
  work: (tools: ImageWork) => Promise<Image | undefined>,
): AsyncGenerator<ImageLine[]> {
  return workLines<ImageLine>(signal, {
    work: async (telling) => {
      const progress = (text: string) => telling.say({ kind: 'step', text });
      const image = await work({ ...telling, progress });
      if (image !== undefined) telling.say({ kind: 'done', image: viewImage(image, users) });
    },
    onFailed: (reason) => ({ kind: 'failed', error: messageOf(reason) }),
    onDropped: (count) => ({ kind: 'step', text: `${count} steps are not shown` }),
  });
}
