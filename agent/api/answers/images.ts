// Answers to the calls of `walt image …` that take images in, name them, send them away and remove them.

import { once } from 'node:events';
import { isNode } from '../../devices/device.ts';
import { messageOf, RequestError } from '../../errors.ts';
import type { HotPacks } from '../../hot/hot-packs.ts';
import { ownerOf } from '../../images/content/image.ts';
import type { Target } from '../../images/content/target.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Updated } from '../../images/intake/update-images.ts';
import type { ImageExchange } from '../../images/sources/exchange.ts';
import type { FoundImage } from '../../images/sources/search.ts';
import type { Collected } from '../../images/workshop/collect.ts';
import { OthersImageError, refuseOthers } from '../../images/workshop/others-image.ts';
import type { WorkingSet } from '../../images/workshop/working-set.ts';
import type { Answers } from '../calls/call.ts';
import type { imageCalls, UpdateLine } from '../calls/images.ts';
import { imageLines } from './lines/image-lines.ts';
import { workLines } from './lines/work-lines.ts';
import { type HeldParts, withSource } from './uploads.ts';
import { type ImageUsers, viewImage } from './views.ts';

/** What these answers need. */
export type ImageParts = ImageUsers &
  HeldParts & {
    readonly images: Pick<ImageStore, 'all' | 'keyOf' | 'of' | 'refresh'>;
    readonly packs: Pick<HotPacks, 'of'>;
    readonly workingSet: WorkingSet;
    /** between this server and registries */
    readonly exchange: Pick<ImageExchange, 'search' | 'publish'>;
    /** takes an image in, and gives it to the devices that waited for it */
    readonly importImage: ImageStore['import'];
    /** looks for other content of the default images, and takes it */
    readonly updateDefaults: (how: {
      readonly isDry: boolean;
      readonly progress: (text: string) => void;
      readonly signal: AbortSignal;
    }) => AsyncIterable<Updated>;
    /** frees what no image and no node needs */
    readonly collectImages: (options: { readonly removeUnused: boolean }) => Promise<Collected>;
  };

/** Answers to the calls of calls/images.ts. */
export function imageAnswers(parts: ImageParts): Answers<typeof imageCalls> {
  const { images, workingSet, exchange } = parts;
  return {
    'images.list': async () => ({ images: images.all().map((image) => viewImage(image, parts)) }),
    'images.show': async ({ name }) => {
      const image = images.of(name);
      const nodes = parts.registry.all().filter((one) => isNode(one) && one.image === image.name);
      const key = images.keyOf(image.name);
      return {
        ...viewImage(image, parts),
        nodes: nodes.map((node) => node.name).toSorted(),
        labels: { ...image.labels },
        hotPacks: key === undefined ? [] : await parts.packs.of(key),
      };
    },
    'images.refresh': async () => ({ problems: await images.refresh() }),
    'images.updateDefaults': ({ dryRun }, { signal }) =>
      workLines<UpdateLine>(signal, {
        work: async ({ say, sayAndWait }) => {
          const progress = (text: string) => say({ kind: 'step', text });
          const gone = signal.aborted ? Promise.resolve() : once(signal, 'abort');
          const updates = parts.updateDefaults({ isDry: dryRun, progress, signal });
          for await (const updated of updates) {
            await Promise.race([sayAndWait(viewUpdated(updated, parts)), gone]);
          }
          say({ kind: 'done' });
        },
        onFailed: (reason) => ({ kind: 'failed', error: messageOf(reason) }),
        onDropped: (count) => ({ kind: 'step', text: `${count} steps are not shown` }),
      }),
    'images.search': async ({ keyword }, { user }) => {
      const { found, problems } = await exchange.search(keyword, user);
      return { images: found.map(viewFound), problems: [...problems] };
    },
    'images.import': ({ source, upload, name: asked, force = false }, { user, role, signal }) => {
      const isAdmin = role === 'admin';
      if (!isAdmin && source !== undefined) {
        const how = 'send the archive instead (uploads.create; walt image import does)';
        throw new RequestError(
          403,
          `You may not name a path of the server: it takes role admin, yours is ${role}; ${how}`,
        );
      }
      const isBare = !isAdmin && asked !== undefined && !asked.includes('/');
      const name = isBare ? `${user}/${asked}` : asked;
      return imageLines(parts, signal, async ({ progress, say }) => {
        const check = isAdmin ? (force ? {} : { check: refuseOthers(user) }) : { check: own(user) };
        try {
          return await withSource({ source, upload }, { ...parts, user }, (path) =>
            parts.importImage(path, { ...given({ name }), ...check, progress }),
          );
        } catch (thrown) {
          if (!(thrown instanceof OthersImageError)) throw thrown;
          say({ kind: 'others-image', name: thrown.imageName });
          return undefined;
        }
      });
    },
    'images.clone': ({ source, name, force = false }, { user, signal }) =>
      imageLines(parts, signal, ({ progress }) =>
        workingSet.clone(source, { ...given({ name }), user, force, progress, signal }),
      ),
    'images.publish': ({ name, to }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) => {
        const image = workingSet.own(name, user);
        const target = await exchange.publish(image, { ...given({ to }), progress, signal });
        progress(`published as ${target}`);
        return image;
      }),
    'images.rename': async ({ name, to }, { user }) =>
      viewImage(await workingSet.rename(name, to, user), parts),
    'images.duplicate': async ({ name, to }, { user }) =>
      viewImage(await workingSet.duplicate(name, to, user), parts),
    'images.remove': async ({ name }, { user }) => {
      await workingSet.remove(name, user);
      return {};
    },
    'images.gc': (asked) => parts.collectImages(asked),
  };
}

/** Refuses what would be no image of theirs. */
function own(user: string): (target: Target) => void {
  return ({ name }) => {
    if (ownerOf(name) === user) return;
    throw new RequestError(
      403,
      `Nothing was imported: it would be ${name}, and it takes role admin to make images of others. Name it: ${user}/…`,
    );
  };
}

function viewUpdated(updated: Updated, { registry }: ImageUsers): UpdateLine {
  const { kind: state, name } = updated;
  const nodes = registry.all().filter(({ image }) => image === name);
  return {
    ...{ kind: 'image', state, name, nodes: nodes.map((node) => node.name) },
    from: updated.kind === 'failed' ? null : updated.from,
    error: updated.kind === 'failed' ? updated.reason : null,
  };
}

function viewFound({ location, name, models }: FoundImage) {
  const link = `${location}:${name}`;
  return { location, name, models: models === undefined ? null : [...models], link };
}

/** The fields that have a value. */
function given<Key extends string>(
  fields: Readonly<Record<Key, string | undefined>>,
): Partial<Record<Key, string>> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<Key, string>>;
}
