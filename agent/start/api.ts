// What the `walt` command asks for.
import { join } from 'node:path';
import type { Accounts } from '../access/accounts.ts';
import { givesRoles } from '../access/openid/claims.ts';
import type { SignIns } from '../access/openid/sign-ins.ts';
import { deviceAnswers } from '../api/answers/devices.ts';
import { doctorAnswers } from '../api/answers/doctor.ts';
import { eventAnswers } from '../api/answers/events.ts';
import { imageAnswers } from '../api/answers/images.ts';
import { logAnswers } from '../api/answers/logs.ts';
import { mediaAnswers } from '../api/answers/media.ts';
import { type NodeParts, nodeAnswers } from '../api/answers/nodes.ts';
import { accessAnswers } from '../api/answers/people/access.ts';
import { consoleAnswers } from '../api/answers/people/consoles.ts';
import { sessionAnswers } from '../api/answers/people/sessions.ts';
import { shellAnswers } from '../api/answers/people/shells.ts';
import { userAnswers } from '../api/answers/people/users.ts';
import { serverAnswers } from '../api/answers/server.ts';
import { settingAnswers } from '../api/answers/settings.ts';
import { sqlAnswers } from '../api/answers/sql.ts';
import { switchAnswers } from '../api/answers/switches.ts';
import { type UploadParts, uploadAnswers } from '../api/answers/uploads.ts';
import { workshopAnswers } from '../api/answers/workshop.ts';
import { refusalAudit } from '../api/audit.ts';
import { readPage } from '../api/page/page-files.ts';
import type { ApiAnswers, RefusedCall } from '../api/routes.ts';
import type { PreparedApi } from '../api/server.ts';
import { startTlsApi } from '../api/tls-server.ts';
import type { NetworkFacts } from '../boot/dhcp/dhcp-reply.ts';
import { modelOf } from '../boot/models.ts';
import type { BootBook } from '../boots/boot-book.ts';
import type { Config } from '../config/config.ts';
import { listenPlace } from '../config/sections/forms.ts';
import type { Consoles } from '../consoles/consoles.ts';
import type { Registry } from '../devices/registry.ts';
import type { Doctor } from '../doctor/doctor.ts';
import type { EventFeed } from '../events/feed/feed.ts';
import type { Publish } from '../events/publisher.ts';
import { planStart, type Starter } from '../handlers/start/start-plan.ts';
import type { Cases } from '../healing/cases.ts';
import type { Healer } from '../healing/healer.ts';
import { systemClock } from '../host/clock/clock.ts';
import { every } from '../host/clock/every.ts';
import { Matchers } from '../host/matching/matchers.ts';
import type { Print } from '../host/processes/priority.ts';
import { Places } from '../host/queues/places.ts';
import type { HotPacks } from '../hot/hot-packs.ts';
import { ownerOf } from '../images/content/image.ts';
import type { DefaultImages } from '../images/intake/default-images.ts';
import type { ImageStore } from '../images/intake/image-store.ts';
import { updateImages } from '../images/intake/update-images.ts';
import { ImageFinder } from '../images/sources/image-finder.ts';
import { Uploads } from '../images/uploads/uploads.ts';
import { collectImages } from '../images/workshop/collect.ts';
import type { Checkpoints } from '../journal/checkpoints.ts';
import type { Journal } from '../journal/journal.ts';
import { LogReader } from '../journal/log-reader.ts';
import type { KeptShares } from '../keeping/kept-shares.ts';
import type { Machines } from '../machines/kept/machines.ts';
import type { MediaShelf } from '../media/media-shelf.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { apiSocketName, type InheritedSockets } from '../net/bound-sockets.ts';
import { limitedTlsServer } from '../net/limits/limited-tls-server.ts';
import { LIMITS, type OnLimit } from '../net/limits/table.ts';
import type { HasNat } from '../nodes/netsetup.ts';
import type { Asleep } from '../nodes/saving/asleep.ts';
import type { NodeLogins } from '../ssh/node-logins.ts';
import { runSql } from '../store/sqlite/sql-console.ts';
import type { Store } from '../store/store.ts';
import { type Announce, usedByNodes } from './images/images.ts';
import type { startMachines } from './nodes/machines.ts';
import type { buildNodes } from './nodes/nodes.ts';
import type { openSwitches } from './nodes/switches.ts';
import { auditBy } from './prepared-api.ts';
import type { ShownCertificate } from './shown-certificate.ts';
import { signInsOf } from './sign-ins.ts';
import { databaseFile } from './store.ts';
import type { Problem } from './telling/journal.ts';

/** What the API acts on. */
export type ApiParts = ReturnType<typeof buildNodes> &
  Awaited<ReturnType<typeof startMachines>> & {
    readonly version: string;
    readonly accounts: Accounts;
    readonly store: Pick<Store, 'logs' | 'flush'>;
    readonly registry: Registry;
    readonly boots: BootBook;
    readonly journal: Journal;
    readonly feed: EventFeed;
    readonly metrics: Metrics;
    readonly checkpoints: Checkpoints;
    readonly images: ImageStore;
    readonly defaults: Pick<DefaultImages, 'noteOf'>;
    readonly machines: Machines;
    readonly consoles: Consoles;
    readonly shelf: MediaShelf;
    readonly pageFolder?: string;
    readonly doctor: Doctor;
    readonly certificate: ShownCertificate;
    readonly sockets: InheritedSockets;
    readonly logins: NodeLogins;
    readonly publish: Publish;
    readonly shares: KeptShares;
    readonly wired: Awaited<ReturnType<typeof openSwitches>>;
    readonly announce: Announce;
    readonly network: NetworkFacts;
    readonly hasNat: HasNat;
    readonly problem: Problem;
    readonly onLimit: OnLimit;
    readonly print: Print;
    readonly healer: Healer;
    readonly packs: Pick<HotPacks, 'of'>;
    readonly asleep: Asleep;
    readonly cases: Pick<Cases, 'of'>;
    readonly failedWarm: NodeParts['failedWarm'];
    /** the configuration as it is now */
    readonly current: () => Config;
    readonly prepared: PreparedApi;
  };

const USE_MS = 3_600_000;
const UPLOADS_MS = 60_000;
const CERTIFICATE_MS = 3_600_000;

/** Starts to answer `walt`; what ends it is added to `services`. */
export async function startApi(
  config: Config,
  parts: ApiParts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { images, registry, problem, onLimit, prepared } = parts;
  const markUsed = () => images.markUsed(usedByNodes(registry).names);
  // Nobody has to wait for the disk.
  markUsed().catch(problem('images'));
  services.defer(every(USE_MS, markUsed, problem('images')));
  services.defer(async () => {
    await parts.shellRuns.stop();
    parts.shells.stop();
    await parts.workshop.idle();
  });
  const matchers = new Matchers();
  services.defer(() => matchers.close());
  const uploads = new Uploads({
    folder: join(images.folder, 'tmp/uploads'),
    most: LIMITS['api-uploads'].inAll,
    onFull: (whose) => onLimit('api-uploads', whose),
    now: () => performance.now(),
  });
  services.defer(every(UPLOADS_MS, () => uploads.removeOld(), problem('uploads')));
  const signIns = await signInsOf(config, parts);
  const providerGivesRoles = config.api.oidc !== undefined && givesRoles(config.api.oidc);
  const ofUser = {
    most: LIMITS['api-uploads'].perUser,
    bytes: config.images.maxGigabytes * 1e9,
  };
  const answers = apiAnswers({
    ...{ ...parts, matchers, uploads, ofUser, signIns, providerGivesRoles },
  });
  const server = await prepared.open(answers);
  services.defer(() => server.close());
  await listenForOthers(config, { ...parts, answers }, services);
}

/** By HTTPS, where the configuration names addresses. */
async function listenForOthers(
  { api, state }: Config,
  parts: Pick<
    ApiParts,
    | 'accounts'
    | 'pageFolder'
    | 'problem'
    | 'onLimit'
    | 'print'
    | 'publish'
    | 'certificate'
    | 'sockets'
  > & {
    readonly answers: ApiAnswers;
  },
  services: AsyncDisposableStack,
): Promise<void> {
  if (api.listen.length === 0) return;
  const { accounts, answers, onLimit, pageFolder, problem, print, publish, sockets } = parts;
  const onCall = auditBy(publish);
  const refusalOf = refusalAudit(() => performance.now());
  const onRefused = (refused: RefusedCall) => {
    const event = refusalOf(refused);
    if (event !== undefined) publish([event]);
  };
  // What makes certificates takes long to load, and most servers need none.
  const { certificateOf } = await import('./certificate.ts');
  let tls = await certificateOf(api, state);
  parts.certificate.show(tls);
  const shows: ((now: typeof tls) => void)[] = [];
  const page = pageFolder === undefined ? {} : { page: await readPage(pageFolder) };
  for (const place of api.listen) {
    const { host, port } = listenPlace(place) ?? { host: place, port: 0 };
    const fd = sockets[apiSocketName({ host, port })];
    const server = await startTlsApi(answers, {
      ...{ accounts, host, port, fd, onCall, onRefused, onProblem: problem('api'), ...page },
      serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit }),
    });
    services.defer(() => server.close());
    shows.push((now) => server.show(now));
    print(`API on https://${place}, fingerprint ${tls.fingerprint}`);
  }
  // A server runs for longer than a certificate lasts, and an operator's own is another one every few weeks.
  const look = async () => {
    const now = await certificateOf(api, state);
    parts.certificate.show(now);
    if (now.cert === tls.cert) return;
    tls = now;
    for (const show of shows) show(now);
  };
  services.defer(every(CERTIFICATE_MS, look, problem('api')));
}

type SignInParts = {
  readonly signIns: SignIns | undefined;
  readonly providerGivesRoles: boolean;
};

function apiAnswers(
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
    ...sqlAnswers({ runSql: (sql, how) => runSql(databaseFile(images.folder), sql, how) }),
    ...eventAnswers(parts),
    ...logAnswers({
      logs: new LogReader({ store, journal, ...followers }),
      checkpoints: parts.checkpoints,
    }),
  };
}
