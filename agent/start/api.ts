// The part of start.ts that puts together what the `walt` command asks for.
import { resolve } from 'node:path';
import type { Platform } from '../api/platform.ts';
import { startApiServer } from '../api/server.ts';
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { modelOf } from '../boot/models.ts';
import type { Config } from '../config/config.ts';
import type { ServerEvent } from '../events/event.ts';
import { planStart, type Starter } from '../handlers/start-plan.ts';
import { systemClock } from '../host/clock.ts';
import { every } from '../host/every.ts';
import type { DefaultImages } from '../images/default-images.ts';
import { collectImages } from '../images/store/collect.ts';
import type { ImageStore } from '../images/store/image-store.ts';
import { LogReader } from '../journal/log-reader.ts';
import { type Announce, usedByNodes } from './images.ts';
import type { buildNodes } from './nodes.ts';
import type { Records } from './records.ts';

type Stop = () => Promise<void> | void;
export type ApiParts = Records &
  ReturnType<typeof buildNodes> & {
    readonly version: string;
    readonly images: ImageStore;
    readonly defaults: Pick<DefaultImages, 'noteOf'>;
    readonly announce: Announce;
    readonly network: NetworkFacts;
    readonly publish: (events: readonly ServerEvent[]) => void;
  };

const USE_MS = 3_600_000;

/** Starts to answer `walt`; what ends it is added to `stops`. */
export async function startApi(config: Config, parts: ApiParts, stops: Stop[]): Promise<void> {
  const { database, writes, journal, images, defaults, announce, network, publish, problem } =
    parts;
  const { registry } = parts;
  const { unusedDays } = config.images;
  const planOf = (starter: Starter, root: string) =>
    planStart(images.rootOf(root), starter, network);
  const platform: Platform = {
    ...parts,
    secureBootOf: async (node) =>
      modelOf(node.model).mayHaveSecureBoot
        ? (await planOf(node, node.root)).verdict?.text
        : undefined,
    address: network.address,
    logs: new LogReader(database, writes, journal),
    imageNoteOf: (model) => defaults.noteOf(model),
    collectImages: (options) =>
      collectImages(images, {
        ...options,
        unusedDays,
        clock: systemClock,
        ...usedByNodes(registry),
      }),
    importImage: async (source, options) => {
      const image = await images.import(source, options);
      await announce(image, publish);
      return image;
    },
  };
  const markUsed = () => images.markUsed(usedByNodes(registry).names);
  await markUsed();
  stops.push(every(USE_MS, markUsed, problem('images')));
  const { group } = config.api;
  const options = {
    socket: resolve(config.api.socket),
    ...(group === undefined ? {} : { group }),
    onProblem: problem('api'),
  };
  stops.push(() => parts.workshop.idle());
  const server = await startApiServer(platform, options);
  stops.push(() => server.close());
}
