// The only place that builds services. Each file of this folder starts one: it is told its part of the configuration
// and the parts that it stands on, and takes no decision.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { networkFacts } from '../config/network-facts.ts';
import { type Helpers, ownHelpers } from '../helper/helpers.ts';
import { every } from '../host/clock/every.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import type { Print } from '../host/processes/priority.ts';
import { MediaShelf } from '../media/media-shelf.ts';
import type { InheritedSockets } from '../net/bound-sockets.ts';
import { openDatagramBatches } from '../net/ffi/datagram-batches.ts';
import { hasNatBy } from '../nodes/netsetup.ts';
import { loginLine } from '../ssh/login-line.ts';
import { openAccounts } from './api/accounts.ts';
import { startApi } from './api/api.ts';
import { prepareApi } from './api/prepared-api.ts';
import { ShownCertificate } from './api/shown-certificate.ts';
import { Departure } from './departure.ts';
import { startDhcp } from './dhcp/dhcp.ts';
import { watchDisk } from './disk.ts';
import { startDefaultImages } from './images/default-images.ts';
import { startFileServers } from './images/files.ts';
import { imageAnnouncer, openImages } from './images/images.ts';
import { startNfs } from './images/nfs.ts';
import { watchNfsShares } from './images/nfs-shares.ts';
import { openShares } from './images/shares.ts';
import { watchedMounts } from './images/watched-mounts.ts';
import { startFirewall } from './network/firewall.ts';
import { startNames } from './network/names.ts';
import { startNat } from './network/nat.ts';
import { startTime } from './network/time.ts';
import { startBootup } from './nodes/bootup.ts';
import { openConsoles } from './nodes/consoles.ts';
import { openDevices } from './nodes/devices.ts';
import { openHealing, startHealing } from './nodes/healing.ts';
import { openHotPacks } from './nodes/hot-packs.ts';
import { startHotTrials } from './nodes/hot-trials.ts';
import { openIdentities } from './nodes/identities.ts';
import { buildLogins } from './nodes/logins.ts';
import { buildMachines, startMachines } from './nodes/machines.ts';
import { mending } from './nodes/mending.ts';
import { buildNodes } from './nodes/nodes.ts';
import { openSwitches } from './nodes/switches.ts';
import { buildWarmReboots } from './nodes/warm-reboots.ts';
import { sideBySide } from './side-by-side.ts';
import { openStore } from './store.ts';
import { buildDoctor } from './telling/doctor.ts';
import { startJournal } from './telling/journal.ts';
import { startMetrics } from './telling/metrics.ts';
import { startWebhook } from './telling/webhook.ts';

/** How often it is looked which nodes nobody uses. */
const SAVING_MS = 20_000;
/** Power that could not be given back is given again. */
const MENDING_MS = 30_000;

/** What the configuration does not say. */
export type StartOptions = {
  readonly version: string;
  /** folder laid over every image */
  readonly overlay: string;
  /** holds the PXE tree; without it machines boot from our media alone */
  readonly pxeFolder?: string;
  /** of the Raspberry Pi's own files, if this installation has them */
  readonly piFolder?: string;
  /** of the page that browsers get, if this installation has it */
  readonly pageFolder?: string;
  /** of the media that people put in machines, if this installation has them */
  readonly mediaFolder?: string;
  /** those that this process inherited */
  readonly sockets: InheritedSockets & { readonly dhcp: number };
  /** what says how the server ends; without it, at once */
  readonly departure?: Departure;
  /** the program that runs, where it is a bundle: media are to be of the same build */
  readonly program?: string;
  /** the service's own output */
  readonly print: Print;
  /** the configuration as it is now: of some keys the value may change (config/live-keys.ts) */
  readonly current?: () => Config;
  /** who does what takes more rights; by default this process */
  readonly helpers?: Helpers;
};

/**
 * Starts everything. Disposing of the result stops it, each part whatever becomes of the others, and leaves the nodes
 * running. What was started is stopped again if something cannot be.
 */
export async function startServer(config: Config, options: StartOptions): Promise<AsyncDisposable> {
  await using services = new AsyncDisposableStack();
  const { print, version, overlay, pxeFolder, piFolder, current = () => config } = options;
  const { sockets, departure = new Departure(), helpers = ownHelpers } = options;
  const { mounter, containers } = helpers;
  const facts = networkFacts(config, { hasPxe: pxeFolder !== undefined });
  const { address, subnet } = facts;
  const store = await openStore({ folder: config.state, print }, services);
  // The store has made it.
  const folder = await realFolder(config.state);
  const keepDays = () => current().log.keepDays;
  const log = startJournal({ ...config.log, keepDays, store, print }, services);
  const { publisher, problem } = log;
  const { publish } = publisher;
  await watchDisk(folder, { publish, problem }, services);
  const known = await openDevices(store, { ...log, ...facts }, services);
  const hasNat = hasNatBy(config.network.netsetup);
  startMetrics({ ...log, ...known, store, version, folder }, services);
  const shares = openShares(config.persist, { folder, mounter });
  // Most of this is waiting for programs. Images begin at once: after a power cut nodes wait for their files until they are mounted.
  const mounts = watchedMounts(mounter);
  const ofImages = { ...log, folder, overlay, store, mounter: mounts.mounter, containers };
  const opened = openImages(config, ofImages, services);
  const ruled = startFirewall(config, { ...log, address }, services);
  const mounted = sideBySide([opened, ruled]).then(([images]) => images);
  // Whoever fails before it waits for them is told of by its own failure.
  mounted.catch(() => undefined);
  // Strangers are answered once the rules are in force.
  const ofNat = { ...known, ...log, folder, hasNat, helpers };
  const [images, firewall, , named, { facts: timed, isRight }, , prepared] = await sideBySide([
    opened,
    ruled,
    ruled.then((firewall) => startNat({ ...ofNat, firewall }, services)),
    ruled.then(() => startNames(config, { ...known, ...log, folder, subnet, helpers }, services)),
    ruled.then(() => startTime(config, { ...known, ...log, subnet, helpers }, services)),
    startNfs(
      config.nfs,
      { ...known, ...log, folder, subnet, images: mounted, shares, helpers },
      services,
    ),
    // This computes while mount(8) works.
    Promise.race([mounts.begun, opened]).then(() => prepareApi(config, { ...log, publish })),
  ]);
  const network = { ...facts, ...named, ...timed };
  watchNfsShares({ ...log, address, hasNames: config.dns.enabled }, services);
  const { consoles, ear, readOn } = await openConsoles(
    { ...known, ...log, folder, helpers },
    services,
  );
  const machines = buildMachines(config, { ...known, ...log, folder, helpers });
  const canNat = firewall !== undefined;
  const wired = await openSwitches(config, { ...known, ...log, folder, store }, services);
  const healing = await openHealing({ ...known, ...log, store, images });
  const nodes = buildNodes(config, {
    ...{
      ...known,
      ...healing,
      ...log,
      images,
      containers,
      helpers,
      machines,
      canNat,
      current,
      ...wired,
      ...facts,
    },
  });
  services.defer(every(SAVING_MS, () => nodes.saver.look(), problem('power')));
  const mend = mending(() => nodes.power.mend(), publish);
  void mend().catch(problem('power'));
  services.defer(every(MENDING_MS, mend, problem('power')));
  const announce = imageAnnouncer({ ...nodes, images, network, publish });
  const parts = {
    ...{ ...known, ...nodes, store, ...log, images, machines, announce, network, publish },
    ...{ hasNat, isRight, consoles, ear, asleep: wired.asleep, ...healing },
    packs: openHotPacks(config.images, { ...known, ...log, images, helpers }),
  };
  const defaults = startDefaultImages(parts, services);
  const batches = config.network.batches ? await openDatagramBatches() : undefined;
  const trace = config.log.debug ? { trace: print } : {};
  const { learn, reserveAddress } = await startDhcp(
    config,
    {
      ...parts,
      publishSoon: publisher.publishSoon,
      listen: { fd: sockets.dhcp },
      batches,
      ...trace,
    },
    services,
  );
  const identities = await openIdentities({ ...known, ...log, folder });
  const files = {
    ...(pxeFolder === undefined ? {} : { pxeFolder }),
    ...(piFolder === undefined ? {} : { piFolder }),
    ...(learn === undefined ? {} : { learn }),
  };
  const logins = buildLogins({ ...nodes, publisher, identities, folder });
  const shelf = new MediaShelf(options.mediaFolder);
  const way = { keyFile: join(folder, 'ssh/id_ed25519'), namespace: config.network.namespace };
  const loginOf = (node: { readonly ip: string }) => loginLine(node, way);
  const warm = buildWarmReboots(config, { ...known, store, images, machines, healing });
  const aboutNodes = { identities, loginOf, ...warm };
  await startFileServers(
    config,
    { ...parts, ...files, ...aboutNodes, shelf, sockets, batches, departure },
    services,
  );
  await startBootup(config, { address, fd: sockets.bootup }, parts, services);
  const places = { folder, ...files, ...(reserveAddress === undefined ? {} : { reserveAddress }) };
  const virtual = await startMachines({ ...parts, ...places, shares, readOn, helpers }, services);
  startHotTrials(config.images, { ...parts, ...places }, services);
  const healer = startHealing(config, { ...parts, wired, address, current }, services);
  startWebhook(config.events, log, services);
  const { program } = options;
  const accounts = await openAccounts(store, publisher);
  const ofProgram = program === undefined ? {} : { program };
  const certificate = new ShownCertificate({ ...log, clock: Date.now });
  const certificateEnds = () => certificate.ends;
  const ofDoctor = { ...ofProgram, folder, shelf, certificateEnds };
  const doctor = buildDoctor(config, { ...parts, ...files, ...ofDoctor });
  await startApi(
    config,
    {
      ...parts,
      ...virtual,
      ...healer,
      ...warm,
      ...(options.pageFolder === undefined ? {} : { pageFolder: options.pageFolder }),
      wired,
      version,
      print,
      accounts,
      store,
      defaults,
      shares,
      shelf,
      doctor,
      certificate,
      sockets,
      logins,
      current,
      prepared,
    },
    services,
  );
  print('ready');
  return services.move();
}
