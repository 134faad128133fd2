// The images: their store, and what is said once one is here.
import { join } from 'node:path';
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import type { Config } from '../../config/config.ts';
import type { Detection } from '../../devices/detection.ts';
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Publish, Publisher } from '../../events/publisher.ts';
import { followClockOfImages } from '../../events/reactions/follow/follow-clock-of-images.ts';
import { placesWarning } from '../../handlers/start/expected-places.ts';
import { imageWarnings, SOMEBODY } from '../../handlers/start/image-warnings.ts';
import { planStart } from '../../handlers/start/start-plan.ts';
import { systemClock } from '../../host/clock/clock.ts';
import type { Mounter } from '../../host/mounting/mounter.ts';
import type { Image } from '../../images/content/image.ts';
import { serverKey } from '../../images/content/node-side/ssh-key.ts';
import type { TemplateNote } from '../../images/content/templates/fill.ts';
import { serverValues } from '../../images/content/templates/values.ts';
import { ImageStore } from '../../images/intake/image-store.ts';
import type { Containers } from '../../images/workshop/containers.ts';
import { macOfInterface, watchMac } from '../../net/interface/mac-of-interface.ts';
import { parseCidr } from '../../protocol/ip.ts';
import type { Store } from '../../store/store.ts';
import type { Problem } from '../telling/journal.ts';

/** What is done once an image is here. */
export type Announce = (image: Image) => Promise<void>;

type Parts = {
  /** of the server's state */
  readonly folder: string;
  /** folder laid over every image */
  readonly overlay: string;
  readonly store: Pick<Store, 'images'>;
  readonly publisher: Publisher;
  readonly problem: Problem;
  readonly mounter: Mounter;
  readonly containers: Pick<Containers, 'endLeftovers' | 'copyFromDaemon'>;
};

/** Opens the store of images, and keeps what they are filled with as the server is. */
export async function openImages(
  { images: config, network, ports }: Config,
  { folder, overlay, store, publisher, problem, mounter, containers }: Parts,
  services: AsyncDisposableStack,
): Promise<ImageStore> {
  const { publish } = publisher;
  const { publicKey } = await serverKey(folder);
  const { defaultName, registries, maxFiles, maxGigabytes } = config;
  const { address } = parseCidr(network.address);
  const { copyFromDaemon } = containers;
  const name = network.interface;
  const first = await macOfInterface(name);
  let values = valuesOf(address, first, ports);
  const images = new ImageStore({
    ...{ folder, overlay, publicKey, defaultName, registries, maxFiles, mounter, copyFromDaemon },
    records: store.images,
    maxBytes: maxGigabytes * 1e9,
    templateValues: () => values,
    onNotes: (image, notes) => publish(notes.map((note) => noteEvent(image, note))),
    clock: systemClock,
  });
  followClockOfImages(publisher, { images, startedAt: systemClock() });
  await containers.endLeftovers(join(folder, 'tmp')).catch(problem('images'));
  const { gone, problems } = await images.load();
  for (const text of problems) problem('images')(text);
  for (const name of gone) {
    problem('images')(
      `the content of image ${name} is gone from the disk: fetch or import it again`,
    );
  }
  images.swept.catch(problem('images'));
  const follow = async (mac: string) => {
    values = valuesOf(address, mac, ports);
    await images.renewAll();
    publish([{ kind: 'new-mac', address, mac }]);
  };
  services.defer(watchMac({ name, first }, follow, problem('images')));
  return images;
}

function valuesOf(ip: string, mac: string | undefined, { bootup, node }: Config['ports']) {
  return serverValues({ ip, mac, bootupPort: bootup, nodePort: node });
}

function noteEvent(image: string, { kind, text }: TemplateNote): ServerEvent {
  if (kind === 'warning') return { kind: 'image-warning', image, text };
  return { kind: 'ignored', source: 'images', from: image, reason: text };
}

/** An image is here: says so, and turns the devices that waited for it into nodes. */
export function imageAnnouncer(parts: {
  readonly images: ImageStore;
  readonly detection: Pick<Detection, 'promoteWaiting'>;
  readonly network: NetworkFacts;
  readonly publish: Publish;
}): Announce {
  const { images, detection, network, publish } = parts;
  return async (image) => {
    const root = images.rootOf(images.keyOf(image.name) ?? image.digest);
    publish([{ kind: 'image-ready', image: image.name, models: image.models }]);
    publish(
      await imageWarnings(image, (model) => planStart(root, { ...SOMEBODY, model }, network)),
    );
    const text = await placesWarning(root);
    if (text !== undefined) publish([{ kind: 'image-warning', image: image.name, text }]);
    publish(await detection.promoteWaiting());
  };
}

/** Names of images that nodes have, and keys of the folders that they, or the server's own trials, run from. */
export function usedByNodes(registry: Registry): { names: string[]; keys: string[] } {
  const nodes = registry.all().filter(isNode);
  const keys = registry.withTrials().filter(isNode);
  return { names: nodes.map(({ image }) => image), keys: keys.map(({ root }) => root) };
}
