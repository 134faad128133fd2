// Answers to calls about boot media.
import type { MediaShelf } from '../../media/media-shelf.ts';
import type { Answers } from '../calls/call.ts';
import type { mediaCalls } from '../calls/media.ts';

/** What these answers need. */
export type MediaParts = { readonly shelf: MediaShelf };

/** Answers to the calls of calls/media.ts. */
export function mediaAnswers({ shelf }: MediaParts): Answers<typeof mediaCalls> {
  return {
    'media.list': async () => ({ folder: shelf.folder ?? null, media: [...(await shelf.list())] }),
  };
}
