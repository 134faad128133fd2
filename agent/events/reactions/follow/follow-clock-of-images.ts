// Reaction: when images came and were used in this run of the server is told by the clock as it is now.
import type { ImageStore } from '../../../images/intake/image-store.ts';
import type { Publisher } from '../../publisher.ts';

/** @param startedAt when this run of the server began, by the clock as it was then */
export function followClockOfImages(
  publisher: Publisher,
  { images, startedAt }: { readonly images: Pick<ImageStore, 'shift'>; readonly startedAt: number },
): void {
  let since = startedAt;
  publisher.on('image clock', ['clock-set'], async ({ by }) => {
    const shift = { by, since };
    since += by;
    await images.shift(shift);
  });
}
