// A real server without its network: API on a socket of its own, registry, boots, log and images in a temporary
// folder; `walt` is run on it (walt-process.ts).

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '../../../agent/access/accounts.ts';
import { deviceAnswers } from '../../../agent/api/answers/devices.ts';
import { doctorAnswers } from '../../../agent/api/answers/doctor.ts';
import { eventAnswers } from '../../../agent/api/answers/events.ts';
import { imageAnswers } from '../../../agent/api/answers/images.ts';
import { logAnswers } from '../../../agent/api/answers/logs.ts';
import { mediaAnswers } from '../../../agent/api/answers/media.ts';
import { nodeAnswers } from '../../../agent/api/answers/nodes.ts';
import { accessAnswers } from '../../../agent/api/answers/people/access.ts';
import { consoleAnswers } from '../../../agent/api/answers/people/consoles.ts';
import { type SessionParts, sessionAnswers } from '../../../agent/api/answers/people/sessions.ts';
import { shellAnswers } from '../../../agent/api/answers/people/shells.ts';
import { userAnswers } from '../../../agent/api/answers/people/users.ts';
import { serverAnswers } from '../../../agent/api/answers/server.ts';
import { settingAnswers } from '../../../agent/api/answers/settings.ts';
import { sqlAnswers } from '../../../agent/api/answers/sql.ts';
import { switchAnswers } from '../../../agent/api/answers/switches.ts';
import { uploadAnswers } from '../../../agent/api/answers/uploads.ts';
import { workshopAnswers } from '../../../agent/api/answers/workshop.ts';
import type { ApiAnswers } from '../../../agent/api/api-options.ts';
import { auditOf } from '../../../agent/api/audit.ts';
import { startApiServer } from '../../../agent/api/servers/socket-server.ts';
import type { BootBook } from '../../../agent/boots/boot-book.ts';
import type { Registry as RegistryConfig } from '../../../agent/config/sections/images.ts';
import { Consoles } from '../../../agent/consoles/consoles.ts';
import { Detection } from '../../../agent/devices/detection.ts';
import type { Device } from '../../../agent/devices/device.ts';
import type { Registry } from '../../../agent/devices/registry.ts';
import type { Checked } from '../../../agent/doctor/run-checks.ts';
import { messageOf, WaltError } from '../../../agent/errors.ts';
import type { Publish } from '../../../agent/events/publisher.ts';
import { endVisits } from '../../../agent/events/reactions/end-visits.ts';
import { NO_COUNTS } from '../../../agent/healing/counts.ts';
import { NEW_SERIES } from '../../../agent/healing/ladder.ts';
import { ownHelpers } from '../../../agent/helper/helpers.ts';
import { systemClock } from '../../../agent/host/clock/clock.ts';
import { Identities } from '../../../agent/identities/identities.ts';
import { ownerOf } from '../../../agent/images/content/image.ts';
import { serverKey } from '../../../agent/images/content/node-side/ssh-key.ts';
import { ImageStore } from '../../../agent/images/intake/image-store.ts';
import { updateImages } from '../../../agent/images/intake/update-images.ts';
import { ImageFinder } from '../../../agent/images/sources/image-finder.ts';
import { Uploads } from '../../../agent/images/uploads/uploads.ts';
import { collectImages } from '../../../agent/images/workshop/collect.ts';
import { ownContainers } from '../../../agent/images/workshop/own-containers.ts';
import { buildWorkbench } from '../../../agent/images/workshop/workbench.ts';
import type { Workshop } from '../../../agent/images/workshop/workshop.ts';
import type { Checkpoints } from '../../../agent/journal/checkpoints.ts';
import type { Journal } from '../../../agent/journal/journal.ts';
import { KeptShares } from '../../../agent/keeping/kept-shares.ts';
import { MediaShelf } from '../../../agent/media/media-shelf.ts';
import { Metrics } from '../../../agent/metrics/metrics.ts';
import { limitedServer } from '../../../agent/net/limits/limited-server.ts';
import { commandNode } from '../../../agent/net/node-client.ts';
import { DeviceSettings } from '../../../agent/nodes/device-settings.ts';
import { ImageSwitch } from '../../../agent/nodes/image-switch.ts';
import { hasNatBy } from '../../../agent/nodes/netsetup.ts';
import { NodeActions } from '../../../agent/nodes/node-actions.ts';
import { NodePower } from '../../../agent/nodes/node-power.ts';
import { bootedBy } from '../../../agent/nodes/ownership.ts';
import { Asleep } from '../../../agent/nodes/saving/asleep.ts';
import { PowerSaver } from '../../../agent/nodes/saving/power-saver.ts';
import { Uses } from '../../../agent/nodes/saving/uses.ts';
import { VirtualNodes } from '../../../agent/nodes/virtual-nodes.ts';
import { Cycles } from '../../../agent/power/cycles.ts';
import { none } from '../../../agent/power/none.ts';
import { LearntPower } from '../../../agent/power/poe/learnt.ts';
import { Secrets } from '../../../agent/secrets/secrets.ts';
import { NodeLogins } from '../../../agent/ssh/node-logins.ts';
import { usedByNodes } from '../../../agent/start/images/images.ts';
import { openHotPacks } from '../../../agent/start/nodes/hot-packs.ts';
import { buildPower } from '../../../agent/start/nodes/power.ts';
import { runSql } from '../../../agent/store/sqlite/sql-console.ts';
import type { Store } from '../../../agent/store/store.ts';
import { isSwitch } from '../../../agent/switches/access-of.ts';
import type { SwitchFacts } from '../../../agent/switches/facts.ts';
import { PortNames } from '../../../agent/switches/port-names.ts';
import { Topology } from '../../../agent/switches/topology.ts';
import { StandInMachines } from '../../support/machines/stand-in-machines.ts';
import { openRecords, placesOf } from '../../support/records.ts';
import { unmountBelow } from '../../support/temporary-folder.ts';
import { type Result, type RunningWalt, startWalt } from './walt-process.ts';

export type TestPlatform = {
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly journal: Journal;
  readonly checkpoints: Checkpoints;
  readonly publish: Publish;
  readonly images: ImageStore;
  readonly identities: Identities;
  readonly imageSwitch: ImageSwitch;
  readonly workshop: Workshop;
  readonly machines: StandInMachines;
  readonly consoles: Consoles;
  readonly answers: ApiAnswers;
  readonly accounts: Accounts;
  readonly folder: string;
  readonly socket: string;
  /** Runs `walt` to its end. */
  readonly walt: (...args: string[]) => Promise<Result>;
  readonly spawnWalt: (...args: string[]) => RunningWalt;
  readonly closeApi: () => Promise<void>;
  readonly openApi: () => Promise<void>;
  readonly close: () => Promise<void>;
};

async function noSwitch({ name }: Device): Promise<never> {
  throw new WaltError(`Cannot ask ${name}: there is no such switch`);
}

/** @param nodePort of the net service of the nodes */
export async function startTestPlatform({
  nodePort = 9,
  registries = [],
  unusedDays = 30,
  hasFile = false,
  mediaFolder,
  found = [],
  askSwitch = noSwitch,
  ...more
}: {
  readonly nodePort?: number;
  readonly registries?: readonly RegistryConfig[];
  readonly unusedDays?: number;
  /** its database is a file, as other programs see it */
  readonly hasFile?: boolean;
  readonly sshPort?: number;
  readonly mediaFolder?: string;
  /** by the doctor */
  readonly found?: Checked[];
  /** asks a switch for what is behind its ports */
  readonly askSwitch?: (device: Device) => Promise<SwitchFacts>;
  /** by an OpenID provider */
  readonly signIns?: SessionParts['signIns'];
  readonly power?: { readonly command?: string; readonly commandSeconds?: number };
} = {}): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-cli-'));
  const socket = join(folder, 'walt.sock');
  const database = hasFile ? join(folder, 'walt.db') : ':memory:';
  const records = await openRecords(database, {}, systemClock);
  const { store, registry, boots, journal, logs, checkpoints, publisher, publish } = records;
  const problems: unknown[] = [];
  /** for virtual nodes, until none is left */
  const addresses = ['127.0.152.101', '127.0.152.102', '127.0.152.103'];
  const images = await openImages({ folder, store, registries });
  const command = (address: string, text: string) =>
    commandNode(text, { address, port: nodePort, localAddress: '127.0.0.1', timeoutMs: 5000 });
  const actions = new NodeActions({ registry, publisher, boots });
  const node = (name: string) => actions.node(name);
  const machines = new StandInMachines();
  const cycles = new Cycles({ records: store.power, clock: systemClock });
  const drivers = buildPower(() => ({ commandSeconds: 10, ...more.power }), {
    ...{
      publish,
      machines,
      poe: none,
      cycles,
      helpers: ownHelpers,
      secretOf: async () => undefined,
    },
    walt: { address: '127.0.0.1', broadcast: '127.255.255.255' },
  });
  const asleep = new Asleep(store.power);
  const power = new NodePower({
    ...{ node, boots, publish, drivers, command, asleep, cycles, clock: systemClock },
    nodeOf: () => undefined,
  });
  const saver = new PowerSaver({
    ...{ registry, boots, publisher, power, actions, asleep, clock: systemClock },
    ...{ minutes: () => 0, uses: new Uses(systemClock) },
  });
  const workbench = buildWorkbench(images, {
    containers: ownContainers,
    registries,
    nodesOf: (image) => bootedBy(registry, image),
    clock: systemClock,
    note: () => undefined,
  });
  const imageSwitch = new ImageSwitch({ registry, node, images, publish });
  const packs = openHotPacks(
    { hotPacks: true },
    {
      ...{ registry, boots, images, publisher, helpers: ownHelpers },
      problem: () => (reason) => void problems.push(reason),
    },
  );
  const detection = new Detection({
    registry,
    ...{ defaultImageOf: images.defaultOf, keyOf: images.keyOf, clock: systemClock },
    suits: () => true,
    isUp: () => false,
  });
  const shares = new KeptShares(join(folder, 'persist'), { bytes: 16 * 2 ** 20 });
  const virtualNodes = new VirtualNodes({
    ...{ registry, publish, actions, imageSwitch, machines, detection, clock: systemClock },
    reserveAddress: async () => addresses.shift(),
    newMac: () => `52:54:00:00:01:0${addresses.length}`,
    complaint: () => undefined,
    shares,
  });
  const identities = new Identities(join(folder, 'identities'));
  await identities.open(() => true);
  const logins = new NodeLogins({
    ...{ node, identities, folder: join(folder, 'tmp'), port: more.sshPort },
    enter: (node) => saver.enter(node),
    keyFile: join(folder, 'ssh/id_ed25519'),
  });
  endVisits(publisher, { ownerChanged: (node, change) => logins.ownerChanged(node, change) });
  const imageNoteOf = () => undefined;
  const topology = new Topology({
    switches: () => registry.all().filter(isSwitch),
    server: async () => '02:00:00:00:00:01',
    ask: askSwitch,
    isDevice: (mac) => registry.byMac(mac) !== undefined,
    records: store.power,
    clock: systemClock,
  });
  const deviceSettings = new DeviceSettings({ registry, boots, publish });
  const decisions = { imageSwitch, actions, power, deviceSettings, asleep, saver };
  const known = {
    hasNat: hasNatBy('LAN'),
    registry,
    boots,
    journal,
    images,
    ...decisions,
    ...workbench,
  };
  const consoles = new Consoles({
    folder: join(folder, 'consoles'),
    ...{ limits: { fileBytes: 65_536, files: 4 }, clock: systemClock },
    places: placesOf('console-viewers', 'look at a console'),
    isKnown: (mac) => registry.byMac(mac) !== undefined,
    log: async (mac, lines) => {
      const issuer = registry.byMac(mac)?.name ?? mac;
      await journal.take(
        lines.map((line) => ({ at: systemClock(), issuer, stream: 'console', line })),
      );
    },
    onProblem: (reason) => problems.push(reason),
  });
  const accounts = await Accounts.open({
    records: store.access,
    clock: systemClock,
    now: () => performance.now(),
  });
  const uploads = new Uploads({
    folder: join(folder, 'tmp/uploads'),
    ...{ most: 8, now: () => performance.now() },
  });
  const ofUser = { most: 2, bytes: 50_000_000 };
  const answers = {
    ...uploadAnswers({ uploads, ofUser }),
    ...serverAnswers({ version: '1.2.3', metrics: new Metrics() }),
    ...doctorAnswers({ doctor: { examine: async () => found } }),
    ...deviceAnswers({
      ...{ ...known, shares, address: '192.168.152.1', imageNoteOf },
      sshFolder: join(folder, 'ssh'),
      ...(more.sshPort === undefined ? {} : { sshPort: more.sshPort }),
    }),
    ...nodeAnswers({
      cases: { of: () => ({ series: NEW_SERIES, counts: NO_COUNTS, heardAt: 0 }) },
      healer: { expectedOf: async () => ({}), quarantineOf: () => undefined },
      ...known,
      machines,
      virtualNodes,
      imageNoteOf,
      secureBootOf: async () => undefined,
      failedWarm: async () => undefined,
    }),
    ...accessAnswers({ ...known, logins, publish }),
    ...imageAnswers({
      ...{ ...known, packs, uploads },
      importImage: (source, options) => images.import(source, options),
      updateDefaults: (how) => {
        const all = images.all().filter(({ name }) => ownerOf(name) === 'waltplatform');
        const finder = new ImageFinder(registries, folder);
        return updateImages(all, { ...how, store: images, finder });
      },
      collectImages: (options) =>
        collectImages(images, {
          ...options,
          unusedDays,
          clock: systemClock,
          inUse: () => usedByNodes(registry),
        }),
    }),
    ...mediaAnswers({ shelf: new MediaShelf(mediaFolder) }),
    ...switchAnswers({
      ...{ registry, actions, topology, secrets: new Secrets(join(folder, 'secrets')) },
      ports: new PortNames({ topology, records: store.power }),
      poe: {
        learnt: new LearntPower({ records: store.power, clock: systemClock, gap: 1000 }),
        waitingAt: () => 0,
      },
    }),
    ...consoleAnswers({ actions, consoles, registry }),
    ...settingAnswers(known),
    ...shellAnswers(known),
    ...workshopAnswers({ ...known, uploads }),
    ...sqlAnswers({
      runSql: (sql, how) => runSql(database, sql, how),
      flush: () => store.flush(),
    }),
    ...eventAnswers({ feed: records.feed }),
    ...logAnswers({ logs, checkpoints }),
    ...userAnswers({ accounts }),
    ...sessionAnswers({ accounts, signIns: more.signIns }),
  };
  const startApi = () =>
    startApiServer(answers, {
      socket,
      onProblem: (reason) => problems.push(reason),
      onCall: (made) => {
        const event = auditOf(made);
        if (event !== undefined) publish([event]);
      },
      serverOf: (handle) => limitedServer(handle, { onLimit: (limit) => problems.push(limit) }),
    });
  let api = await startApi();
  const spawnWalt = (...args: string[]) => startWalt(args, { WALT_SOCKET: socket });
  return {
    ...known,
    identities,
    machines,
    consoles,
    answers,
    accounts,
    checkpoints,
    publish,
    folder,
    socket,
    walt: (...args) => spawnWalt(...args).result,
    spawnWalt,
    closeApi: () => api.close(),
    openApi: async () => {
      api = await startApi();
    },
    close: async () => {
      await api.close();
      await consoles.close();
      await workbench.shellRuns.stop();
      workbench.shells.stop();
      await workbench.workshop.idle();
      await store.close();
      await unmountBelow(folder);
      await rm(folder, { recursive: true, force: true });
      if (problems.length > 0) throw new Error(problems.map(messageOf).join('\n'));
    },
  };
}

async function openImages(parts: {
  readonly folder: string;
  readonly store: Store;
  readonly registries: readonly RegistryConfig[];
}): Promise<ImageStore> {
  const { folder, store } = parts;
  const overlay = join(folder, 'overlay');
  await mkdir(overlay);
  const images = new ImageStore({
    folder,
    overlay,
    publicKey: (await serverKey(folder)).publicKey,
    templateValues: () => ({}),
    onNotes: () => undefined,
    defaultName: 'waltplatform/<model>-default:latest',
    registries: parts.registries,
    maxFiles: 100_000,
    maxBytes: 1e9,
    records: store.images,
    clock: systemClock,
  });
  await images.load();
  return images;
}
