// What the `walt` command asks for.
import { resolve } from 'node:path';
import { deviceAnswers } from '../api/answers/devices.ts';
import { imageAnswers } from '../api/answers/images.ts';
import { logAnswers } from '../api/answers/logs.ts';
import { nodeAnswers } from '../api/answers/nodes.ts';
import { serverAnswers } from '../api/answers/server.ts';
import { settingAnswers } from '../api/answers/settings.ts';
import { shellAnswers } from '../api/answers/shells.ts';
import { workshopAnswers } from '../api/answers/workshop.ts';
import type { ApiAnswers } from '../api/routes.ts';
import { startApiServer } from '../api/server.ts';
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { modelOf } from '../boot/models.ts';
import type { BootBook } from '../boots/boot-book.ts';
import type { Config } from '../config/config.ts';
import type { Registry } from '../devices/registry.ts';
import { planStart, type Starter } from '../handlers/start-plan.ts';
import { systemClock } from '../host/clock.ts';
import { every } from '../host/every.ts';
import type { DefaultImages } from '../images/intake/default-images.ts';
import type { ImageStore } from '../images/intake/image-store.ts';
import { collectImages } from '../images/workshop/collect.ts';
import type { Journal } from '../journal/journal.ts';
import { LogReader } from '../journal/log-reader.ts';
import type { KeptShares } from '../keeping/kept-shares.ts';
import type { Machines } from '../machines/kept/machines.ts';
import { limitedServer } from '../net/limits/limited-server.ts';
import { LIMITS, type OnLimit } from '../net/limits/table.ts';
import type { Store } from '../store/store.ts';
import { type Announce, usedByNodes } from './images.ts';
import type { Problem } from './journal.ts';
import type { startMachines } from './machines.ts';
import type { buildNodes } from './nodes.ts';

/** What the API acts on. */
export type ApiParts = ReturnType<typeof buildNodes> &
  Awaited<ReturnType<typeof startMachines>> & {
    readonly version: string;
    readonly store: Pick<Store, 'logs' | 'flush'>;
    readonly registry: Registry;
    readonly boots: BootBook;
    readonly journal: Journal;
    readonly images: ImageStore;
    readonly defaults: Pick<DefaultImages, 'noteOf'>;
    readonly machines: Machines;
    readonly shares: KeptShares;
    readonly announce: Announce;
    readonly network: NetworkFacts;
    readonly problem: Problem;
    readonly onLimit: OnLimit;
  };

const USE_MS = 3_600_000;

/** Starts to answer `walt`; what ends it is added to `services`. */
export async function startApi(
  config: Config,
  parts: ApiParts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { images, registry, problem, onLimit } = parts;
  const markUsed = () => images.markUsed(usedByNodes(registry).names);
  await markUsed().catch(problem('images'));
  services.defer(every(USE_MS, markUsed, problem('images')));
  services.defer(async () => {
    await parts.shellRuns.stop();
    parts.shells.stop();
    await parts.workshop.idle();
  });
  const { group } = config.api;
  const server = await startApiServer(apiAnswers(config, parts), {
    socket: resolve(config.api.socket),
    ...(group === undefined ? {} : { group }),
    onProblem: problem('api'),
    serverOf: (handle) => limitedServer(handle, { onLimit }),
  });
  services.defer(() => server.close());
}

function apiAnswers(config: Config, parts: ApiParts): ApiAnswers {
  const { store, journal, registry, images, defaults, network, announce } = parts;
  const { unusedDays } = config.images;
  const followers = {
    mostFollowers: LIMITS['log-followers'].inAll,
    onFull: () => parts.onLimit('log-followers', 'it'),
  };
  const imageNoteOf = (model: string) => defaults.noteOf(model);
  const planOf = (starter: Starter, root: string) =>
    planStart(images.rootOf(root), starter, network);
  return {
    ...serverAnswers(parts),
    ...deviceAnswers({
      ...parts,
      address: network.address,
      imageNoteOf,
    }),
    ...nodeAnswers({
      ...parts,
      imageNoteOf,
      secureBootOf: async (node) =>
        modelOf(node.model).mayHaveSecureBoot
          ? (await planOf(node, node.root)).verdict?.text
          : undefined,
    }),
    ...imageAnswers({
      ...parts,
      importImage: async (source, options) => {
        const image = await images.import(source, options);
        await announce(image);
        return image;
      },
      collectImages: (options) =>
        collectImages(images, {
          ...options,
          unusedDays,
          clock: systemClock,
          inUse: () => usedByNodes(registry),
        }),
    }),
    ...settingAnswers(parts),
    ...shellAnswers(parts),
    ...workshopAnswers(parts),
    ...logAnswers({ logs: new LogReader({ store, journal, ...followers }) }),
  };
}
