// What the API answers: each kind of calls with the parts of the server that it needs.

import { join } from 'node:path';
import type { SignIns } from '../../access/openid/sign-ins.ts';
import { deviceAnswers } from '../../api/answers/devices.ts';
import { doctorAnswers } from '../../api/answers/doctor.ts';
import { eventAnswers } from '../../api/answers/events.ts';
import { imageAnswers } from '../../api/answers/images.ts';
import { logAnswers } from '../../api/answers/logs.ts';
import { mediaAnswers } from '../../api/answers/media.ts';
import { nodeAnswers } from '../../api/answers/nodes.ts';
import { accessAnswers } from '../../api/answers/people/access.ts';
import { consoleAnswers } from '../../api/answers/people/consoles.ts';
import { sessionAnswers } from '../../api/answers/people/sessions.ts';
import { shellAnswers } from '../../api/answers/people/shells.ts';
import { userAnswers } from '../../api/answers/people/users.ts';
import { serverAnswers } from '../../api/answers/server.ts';
import { settingAnswers } from '../../api/answers/settings.ts';
import { sqlAnswers } from '../../api/answers/sql.ts';
import { switchAnswers } from '../../api/answers/switches.ts';
import type { UploadParts } from '../../api/answers/uploads.ts';
import { uploadAnswers } from '../../api/answers/uploads.ts';
import { workshopAnswers } from '../../api/answers/workshop.ts';
import type { ApiAnswers } from '../../api/api-options.ts';
import { modelOf } from '../../boot/models.ts';
import { planStart, type Starter } from '../../handlers/start/start-plan.ts';
import { systemClock } from '../../host/clock/clock.ts';
import type { Matchers } from '../../host/matching/matchers.ts';
import { Places } from '../../host/queues/places.ts';
import { ownerOf } from '../../images/content/image.ts';
import { updateImages } from '../../images/intake/update-images.ts';
import { ImageFinder } from '../../images/sources/image-finder.ts';
import { collectImages } from '../../images/workshop/collect.ts';
import { LogReader } from '../../journal/log-reader.ts';
import { LIMITS } from '../../net/limits/table.ts';
import { runSql } from '../../store/sqlite/sql-console.ts';
import { usedByNodes } from '../images/images.ts';
import { databaseFile } from '../store.ts';
import type { ApiParts } from './parts.ts';

type SignInParts = {
  readonly signIns: SignIns | undefined;
  readonly providerGivesRoles: boolean;
};

/** An answer for each call of the table, by the parts of this server. */
export function apiAnswers(
  parts: ApiParts & { readonly matchers: Matchers } & UploadParts & SignInParts,
): ApiAnswers {
  const { store, journal, registry, images, defaults, network, announce, current } = parts;
  const followers = {
    places: new Places(LIMITS['log-followers'], {
      action: 'follow the log',
      onFull: (whose) => parts.onLimit('log-followers', whose),
    }),
    mostSearches: LIMITS['log-searches'].inAll,
    onFullOfSearches: () => parts.onLimit('log-searches', 'it'),
    matcherOf: (pattern: string, by: string) => parts.matchers.matcher(pattern, by),
  };
  const imageNoteOf = (model: string) => defaults.noteOf(model);
  const planOf = (starter: Starter, root: string) =>
    planStart(images.rootOf(root), starter, network);
  return {
    ...serverAnswers(parts),
    ...doctorAnswers(parts),
    ...deviceAnswers({
      ...parts,
      address: network.address,
      sshFolder: join(images.folder, 'ssh'),
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
    ...accessAnswers(parts),
    ...imageAnswers({
      ...parts,
      importImage: async (source, options) => {
        const image = await images.import(source, options);
        await announce(image);
        return image;
      },
      updateDefaults: async function* (how) {
        const { defaultName, registries } = current().images;
        const all = images.all().filter(({ name }) => ownerOf(name) === ownerOf(defaultName));
        const finder = new ImageFinder(registries, images.folder);
        for await (const updated of updateImages(all, { ...how, store: images, finder })) {
          if (updated.kind === 'updated') await announce(updated.image);
          yield updated;
        }
      },
      collectImages: (options) =>
        collectImages(images, {
          ...options,
          unusedDays: current().images.unusedDays,
          clock: systemClock,
          inUse: () => usedByNodes(registry),
        }),
    }),
    ...mediaAnswers(parts),
    ...consoleAnswers(parts),
    ...settingAnswers(parts),
    ...switchAnswers({ ...parts, ...parts.wired }),
    ...shellAnswers(parts),
    ...workshopAnswers(parts),
    ...uploadAnswers(parts),
    ...userAnswers(parts),
    ...sessionAnswers(parts),
    ...sqlAnswers({
      runSql: (sql, how) => runSql(databaseFile(images.folder), sql, how),
      flush: () => store.flush(),
    }),
    ...eventAnswers(parts),
    ...logAnswers({
      logs: new LogReader({ store, journal, ...followers }),
      checkpoints: parts.checkpoints,
    }),
  };
}
