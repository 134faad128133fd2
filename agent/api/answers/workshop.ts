// Answers to the calls of `walt image shell|cp|build|squash`: the content of images changes.
import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RequestError } from '../../errors.ts';
import type { ImageStore } from '../../images/store/image-store.ts';
import type { WorkingSet } from '../../images/working-set.ts';
import { placeInside } from '../../images/workshop/place.ts';
import type { Shells } from '../../images/workshop/shells.ts';
import type { Workshop } from '../../images/workshop/workshop.ts';
import type { Answers } from '../calls/call.ts';
import type { workshopCalls } from '../calls/workshop.ts';
import { imageLines } from './image-lines.ts';
import type { ImageUsers } from './views.ts';

/** What these answers need. */
export type WorkshopParts = ImageUsers & {
  readonly images: Pick<ImageStore, 'rootOf' | 'keyOf'>;
  readonly workingSet: Pick<WorkingSet, 'own' | 'newName'>;
  readonly workshop: Pick<Workshop, 'squash' | 'build' | 'copyIn'>;
  readonly shells: Pick<Shells, 'open' | 'save'>;
};

/** Answers to the calls of calls/workshop.ts. */
export function workshopAnswers(parts: WorkshopParts): Answers<typeof workshopCalls> {
  const { images, workingSet, workshop, shells } = parts;
  const rootOf = (name: string) => images.rootOf(images.keyOf(name) ?? '');
  return {
    'images.shell': ({ name, hasTerminal }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress, say }) => {
        await shells.open(workingSet.own(name, user).name, {
          ...{ user, hasTerminal, signal, progress },
          onReady: ({ id, command }) => say({ kind: 'shell', id, command: [...command] }),
        });
        return undefined;
      }),
    'images.save': ({ id, name, force }, { user, signal }) =>
      imageLines(parts, signal, async () =>
        shells.save(id, { name: workingSet.newName(name, { user, force }), user }),
      ),
    'images.squash': ({ name }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) =>
        workshop.squash(workingSet.own(name, user).name, progress),
      ),
    'images.build': ({ context, name, force }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) => {
        const full = workingSet.newName(name, { user, force });
        return await workshop.build(context, { name: full, progress });
      }),
    'images.copyIn': ({ source, name, path }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) => {
        const image = workingSet.own(name, user);
        const status = await lstat(source).catch((cause: unknown) => {
          throw new RequestError(404, `There is no ${source}`, { cause });
        });
        const place = await placeInside(rootOf(image.name), path);
        const target = place.isFolder ? join(place.path, basename(source)) : place.path;
        const copy = { source, isFolder: status.isDirectory(), target };
        return await workshop.copyIn(copy, { name: image.name, progress });
      }),
    'images.place': async ({ name, path }, { user }) => {
      const root = rootOf(workingSet.own(name, user).name);
      const place = await placeInside(root, path);
      if (!place.isThere) throw new RequestError(404, `The image has no ${path}`);
      return { path: join(root, place.path) };
    },
  };
}
