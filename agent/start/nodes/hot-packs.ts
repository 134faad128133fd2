// What boots read of images, in packs that nodes fetch.
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import { type Device, isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { recordHotFiles } from '../../events/reactions/record-hot-files.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { HotPacks } from '../../hot/hot-packs.ts';
import { wantsPack } from '../../hot/wants-pack.ts';
import type { Image } from '../../images/content/image.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  readonly registry: Registry;
  readonly boots: Pick<BootBook, 'statusOf'>;
  readonly images: ImageStore;
  readonly publisher: Publisher;
  readonly problem: Problem;
  readonly helpers: Pick<Helpers, 'fileMemory'>;
};

/** Builds them, and has boots recorded. */
export function openHotPacks(
  { hotPacks }: Pick<Config['images'], 'hotPacks'>,
  parts: Parts,
): HotPacks {
  const { registry, boots, images, publisher, problem, helpers } = parts;
  const packs = new HotPacks({
    rootOf: images.rootOf,
    isWanted: ({ image }) => {
      const known = images.byName(image);
      return hotPacks && known !== undefined && wantsPack(known, { defaults: defaultsOf(images) });
    },
    isAlone: ({ mac, root }) =>
      !registry.withTrials().some((other) => other.mac !== mac && reads(other, { root, boots })),
    memory: helpers.fileMemory,
    onProblem: problem('hot-packs'),
    onMade: ({ node, bytes }) =>
      publisher.publish([{ kind: 'hot-pack', image: node.image, model: node.model, bytes }]),
  });
  recordHotFiles(publisher, { registry, packs });
  return packs;
}

/** The default images that are here. */
export function defaultsOf(images: ImageStore): Image[] {
  return images
    .all()
    .filter(({ name, models }) => models.some((one) => images.defaultOf(one) === name));
}

/** Whether a device runs from a root, or boots it. */
export function reads(
  device: Device,
  { root, boots }: { readonly root: string; readonly boots: Pick<BootBook, 'statusOf'> },
): boolean {
  return isNode(device) && device.root === root && BUSY.has(boots.statusOf(device.mac).state);
}

/** What reads its image. */
const BUSY: ReadonlySet<string> = new Set(['files', 'mounted', 'booted', 'unconfirmed']);
