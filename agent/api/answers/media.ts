// Answers to calls about boot media.
import { RequestError } from '../../errors.ts';
import type { MediaShelf } from '../../media/media-shelf.ts';
import type { Answers } from '../calls/call.ts';
import type { mediaCalls } from '../calls/media.ts';

/** What these answers need. */
export type MediaParts = { readonly shelf: MediaShelf };

/** Answers to the calls of calls/media.ts. */
export function mediaAnswers({ shelf }: MediaParts): Answers<typeof mediaCalls> {
  return {
    'media.download': async ({ name }) => {
      const medium = await shelf.open(name);
      if (medium === undefined) {
        throw new RequestError(
          404,
          `There is no medium '${name}' here: walt media show lists them`,
        );
      }
      const { handle, bytes: size, sha256: tag } = medium;
      return { handle, size, tag, name };
    },
    'media.list': async () => ({ folder: shelf.folder ?? null, media: [...(await shelf.list())] }),
  };
}
