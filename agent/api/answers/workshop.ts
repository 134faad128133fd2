// Answers to the calls of `walt image cp|build|squash`: the content of images changes.
import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RequestError } from '../../errors.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import { copyPlace, placeInside } from '../../images/workshop/place.ts';
import type { WorkingSet } from '../../images/workshop/working-set.ts';
import type { Workshop } from '../../images/workshop/workshop.ts';
import type { Answers } from '../calls/call.ts';
import type { workshopCalls } from '../calls/workshop.ts';
import { copyLines } from './lines/copy-lines.ts';
import { imageLines } from './lines/image-lines.ts';
import { type HeldParts, withSource } from './uploads.ts';
import type { ImageUsers } from './views.ts';

/** What these answers need. */
export type WorkshopParts = ImageUsers &
  HeldParts & {
    readonly images: Pick<ImageStore, 'rootOf' | 'keyOf'>;
    readonly workingSet: Pick<WorkingSet, 'own' | 'target'>;
    readonly workshop: Pick<Workshop, 'squash' | 'build' | 'copyIn'>;
  };

/** Answers to the calls of calls/workshop.ts. */
export function workshopAnswers(parts: WorkshopParts): Answers<typeof workshopCalls> {
  const { images, workingSet, workshop } = parts;
  const rootOf = (name: string) => images.rootOf(images.keyOf(name) ?? '');
  return {
    'images.squash': ({ name }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) =>
        workshop.squash(workingSet.own(name, user), progress),
      ),
    'images.build': ({ context: source, upload, name, force }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) => {
        const target = workingSet.target(name, { user, force });
        return await withSource({ source, upload }, { ...parts, user }, (context) =>
          workshop.build(context, { target, progress, signal }),
        );
      }),
    'images.copyIn': ({ source: given, upload, name, path }, { user, signal }) =>
      imageLines(parts, signal, ({ progress }) =>
        withSource({ source: given, upload }, { ...parts, user }, async (source) => {
          const image = workingSet.own(name, user);
          const status = await lstat(source).catch((cause: unknown) => {
            throw new RequestError(404, `There is no ${source}`, { cause });
          });
          const isFolder = status.isDirectory();
          const copied = { name: basename(source), isFolder };
          const target = await copyPlace(rootOf(image.name), path, copied);
          const copy = { source, isFolder, target };
          return await workshop.copyIn(copy, { image, progress });
        }),
      ),
    'images.copyOut': ({ name, path }, { user, signal }) =>
      copyLines(async () => {
        const root = rootOf(workingSet.own(name, user).name);
        const place = await placeInside(root, path);
        if (!place.isThere) throw new RequestError(404, `The image has no ${path}`);
        return join(root, place.path);
      }, signal),
  };
}
