// The part of start.ts that puts together what the `walt` command asks for.
import { resolve } from 'node:path';
import { deviceAnswers } from '../api/answers/devices.ts';
import { imageAnswers } from '../api/answers/images.ts';
import { logAnswers } from '../api/answers/logs.ts';
import { nodeAnswers } from '../api/answers/nodes.ts';
import { serverAnswers } from '../api/answers/server.ts';
import { workshopAnswers } from '../api/answers/workshop.ts';
import type { ApiAnswers } from '../api/routes.ts';
import { startApiServer } from '../api/server.ts';
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
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
/** The running parts of the server that answers are made of. */
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
  const { images, registry, problem } = parts;
  const markUsed = () => images.markUsed(usedByNodes(registry).names);
  await markUsed();
  stops.push(every(USE_MS, markUsed, problem('images')));
  const { group } = config.api;
  stops.push(() => parts.workshop.idle());
  const server = await startApiServer(apiAnswers(config, parts), {
    socket: resolve(config.api.socket),
    ...(group === undefined ? {} : { group }),
    onProblem: problem('api'),
  });
  stops.push(() => server.close());
}

function apiAnswers(config: Config, parts: ApiParts): ApiAnswers {
  const { database, writes, journal, registry, images, defaults, network } = parts;
  const { announce, publish } = parts;
  const { unusedDays } = config.images;
  const planOf = (starter: Starter, root: string) =>
    planStart(images.rootOf(root), starter, network);
  return {
    ...serverAnswers(parts),
    ...deviceAnswers({
      ...parts,
      address: network.address,
      imageNoteOf: (model) => defaults.noteOf(model),
    }),
    ...nodeAnswers({
      ...parts,
      secureBootOf: async (node) =>
        node.model.startsWith('pc-') ? (await planOf(node, node.root)).verdict?.text : undefined,
    }),
    ...imageAnswers({
      ...parts,
      importImage: async (source, options) => {
        const image = await images.import(source, options);
        await announce(image, publish);
        return image;
      },
      collectImages: (options) => {
        const used = usedByNodes(registry);
        return collectImages(images, { ...options, unusedDays, clock: systemClock, ...used });
      },
    }),
    ...workshopAnswers(parts),
    ...logAnswers({ logs: new LogReader(database, writes, journal) }),
  };
}
