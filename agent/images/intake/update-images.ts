// Looks for other content of images where images come from, as `walt advanced update-default-images` does: what has another
// digest there is taken in place of what is here, and nodes get it at their next boot.
import { messageOf } from '../../errors.ts';
import { describeImage } from '../content/described.ts';
import type { Image } from '../content/image.ts';
import type { Progress } from '../content/progress.ts';
import type { ImageFinder } from '../sources/image-finder.ts';
import type { ImageStore } from './image-store.ts';

/** What became of one image. */
export type Updated =
  | { readonly kind: 'current' | 'found'; readonly name: string; readonly from: string }
  | {
      readonly kind: 'updated';
      readonly name: string;
      readonly from: string;
      readonly image: Image;
    }
  | { readonly kind: 'failed'; readonly name: string; readonly reason: string };

type Parts = {
  readonly store: Pick<ImageStore, 'withWork' | 'take'>;
  readonly finder: Pick<ImageFinder, 'find'>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** nothing is taken, only looked for */
  readonly isDry: boolean;
};

/** One image after the other, by the first place that has it. One that fails keeps no other back. */
export async function* updateImages(
  images: readonly Image[],
  parts: Parts,
): AsyncGenerator<Updated> {
  for (const image of images) {
    if (parts.signal.aborted) return;
    try {
      yield await updateImage(image, parts);
    } catch (thrown) {
      yield { kind: 'failed', name: image.name, reason: messageOf(thrown) };
    }
  }
}

async function updateImage({ name, digest, models }: Image, parts: Parts): Promise<Updated> {
  const { store, finder, progress, signal, isDry } = parts;
  return await store.withWork(async (work) => {
    progress(`looking for ${name}`);
    const [model] = models;
    const wanted = model === undefined ? {} : { model };
    const source = await finder.find({ name, wanted, work, signal });
    const from = source.shown;
    if (describeImage(source.manifest, source.config).digest === digest) {
      return { kind: 'current', name, from };
    }
    if (isDry) return { kind: 'found', name, from };
    progress(`fetching ${from}`);
    const image = await store.take(source, { name, replaces: digest, progress, signal });
    return { kind: 'updated', name, from, image };
  });
}
