// What boots read of images, in packs that nodes fetch.
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { recordHotFiles } from '../../events/reactions/record-hot-files.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { HotPacks } from '../../hot/hot-packs.ts';
import { wantsPack } from '../../hot/wants-pack.ts';
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
  const defaults = () =>
    images.all().filter(({ name, models }) => models.some((one) => images.defaultOf(one) === name));
  const packs = new HotPacks({
    rootOf: images.rootOf,
    isWanted: ({ image }) => {
      const known = images.byName(image);
      return hotPacks && known !== undefined && wantsPack(known, { defaults: defaults() });
    },
    isAlone: ({ mac, root }) =>
      !registry
        .all()
        .some(
          (other) =>
            isNode(other) &&
            other.mac !== mac &&
            other.root === root &&
            BUSY.has(boots.statusOf(other.mac).state),
        ),
    memory: helpers.fileMemory,
    onProblem: problem('hot-packs'),
    onMade: ({ node, bytes }) =>
      publisher.publish([{ kind: 'hot-pack', image: node.image, model: node.model, bytes }]),
  });
  recordHotFiles(publisher, { registry, packs });
  return packs;
}

/** What reads its image. */
const BUSY: ReadonlySet<string> = new Set(['files', 'mounted', 'booted', 'unconfirmed']);
