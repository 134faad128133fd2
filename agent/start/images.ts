// The part of start.ts that puts the images together: their store, and who fetches what machines wait for.
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { architecturesOf } from '../boot/models.ts';
import type { Config } from '../config/config.ts';
import type { Detection } from '../devices/detection.ts';
import { isNode } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { ImageError } from '../errors.ts';
import type { ServerEvent } from '../events/event.ts';
import { imageWarnings, SOMEBODY } from '../handlers/image-warnings.ts';
import { planStart } from '../handlers/start-plan.ts';
import { systemClock } from '../host/clock.ts';
import { DefaultImages } from '../images/default-images.ts';
import type { Image } from '../images/image.ts';
import { serverKey } from '../images/node-side/ssh-key.ts';
import { ImageStore } from '../images/store/image-store.ts';
import type { TemplateNote } from '../images/templates/fill.ts';
import { serverValues } from '../images/templates/values.ts';
import { unmountBelow } from '../images/workshop/unmount.ts';
import type { Journal } from '../journal/journal.ts';
import { macOfInterface, watchMac } from '../net/mac-of-interface.ts';
import { parseCidr } from '../protocol/ip.ts';
import type { Tables } from '../store/sqlite/schema.ts';
import type { WriteQueue } from '../store/sqlite/write-queue.ts';

type Records = {
  readonly folder: string;
  readonly database: Kysely<Tables>;
  readonly writes: WriteQueue;
  readonly registry: Registry;
  readonly journal: Pick<Journal, 'append'>;
  readonly problem: (source: string) => (reason: unknown) => void;
};

type Publish = (events: readonly ServerEvent[]) => void;

/** What is done once an image is here. */
export type Announce = (image: Image, publish: Publish) => Promise<void>;

/** @param options.overlay folder laid over every image */
export async function openImages(
  { images: config, network, ports }: Config,
  { overlay, ...records }: Records & { readonly overlay: string },
  stops: (() => Promise<void> | void)[],
): Promise<ImageStore> {
  const { folder, database, writes, journal, problem } = records;
  const { publicKey } = await serverKey(folder);
  const { defaultName, registries, maxFiles, maxGigabytes } = config;
  const { address } = parseCidr(network.address);
  const name = network.interface;
  const first = await macOfInterface(name);
  let values = valuesOf(address, first, ports);
  const images = new ImageStore({
    ...{ folder, overlay, publicKey, defaultName, registries, maxFiles, writes },
    maxBytes: maxGigabytes * 1e9,
    templateValues: () => values,
    onNotes: (image, notes) => journal.append(notes.map((note) => noteEvent(image, note))),
    clock: systemClock,
  });
  // Containers that a killed server left mounted.
  await unmountBelow(join(folder, 'tmp'));
  for (const name of await images.load(database)) {
    problem('images')(
      `the content of image ${name} is gone from the disk: fetch or import it again`,
    );
  }
  const follow = async (mac: string) => {
    values = valuesOf(address, mac, ports);
    await images.renewAll();
    journal.append([{ kind: 'new-mac', address, mac }]);
  };
  stops.push(watchMac({ name, first }, follow, problem('images')));
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
}): Announce {
  const { images, detection, network } = parts;
  return async (image, publish) => {
    const root = images.rootOf(images.keyOf(image.name) ?? image.digest);
    publish([{ kind: 'image-ready', image: image.name, models: image.models }]);
    publish(
      await imageWarnings(image, (model) => planStart(root, { ...SOMEBODY, model }, network)),
    );
    publish(await detection.promoteWaiting());
  };
}

/**
 * Fetches the images that machines wait for, from now on.
 * @param parts.publish how events were published so far
 * @returns the fetcher, and how events are published from now on: those that tell of a waiting machine start a pull
 */
export function startDefaultImages(
  parts: Records & {
    readonly images: ImageStore;
    readonly announce: Announce;
    readonly publish: Publish;
  },
  stops: (() => Promise<void> | void)[],
): { readonly defaults: DefaultImages; readonly publish: Publish } {
  const { images, registry, announce, problem } = parts;
  const waiting = () =>
    registry.all().flatMap(({ type, model }) => (type === 'unknown' && model ? [model] : []));
  const publish: Publish = (events) => {
    parts.publish(events);
    for (const event of events) if (event.kind === 'no-image') defaults.want(event.model);
  };
  const defaults = new DefaultImages({
    publish,
    imageOf: images.defaultNameOf,
    isWanted: (model) => waiting().includes(model),
    async fetch(model, options) {
      const architectures = architecturesOf(model);
      const name = images.defaultNameOf(model);
      const image = await images.pull(name, { ...options, architectures });
      if (!image.models.includes(model)) {
        throw new ImageError(`it is for ${image.models.join(', ')}, and not for ${model}`);
      }
      await announce(image, publish);
    },
  });
  stops.push(() => defaults.stop());
  for (const model of waiting()) {
    if (images.defaultOf(model) === undefined) defaults.want(model);
  }
  images.renewAll().catch(problem('images'));
  return { defaults, publish };
}

/** Names of images that nodes have, and keys of the folders that they run from. */
export function usedByNodes(registry: Registry): { names: string[]; keys: string[] } {
  const nodes = registry.all().filter(isNode);
  return { names: nodes.map(({ image }) => image), keys: nodes.map(({ root }) => root) };
}
