// The only place that builds services: each server is a sentence, `server(socket, handler(devices, files))`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Platform } from './api/platform.ts';
import { startApiServer } from './api/server.ts';
import type { NetworkFacts } from './boot/dhcp/dhcp-reply.ts';
import { startDhcp } from './compose-dhcp.ts';
import { startFileServers } from './compose-files.ts';
import { type Announce, openImages, startDefaultImages, usedByNodes } from './compose-images.ts';
import type { Config } from './config.ts';
import { messageOf } from './errors.ts';
import { imageWarnings, SOMEBODY } from './handlers/image-warnings.ts';
import { BootupLinks } from './handlers/on-bootup.ts';
import { planStart, type Starter } from './handlers/start-plan.ts';
import { collectImages } from './images/store/collect.ts';
import type { ImageStore } from './images/store/image-store.ts';
import { buildWorkbench } from './images/workbench.ts';
import { startBootupServer } from './net/bootup-server.ts';
import type { DhcpListen } from './net/dhcp-server.ts';
import { commandNode } from './net/node-client.ts';
import { createNfsServer } from './nfs/create.ts';
import { BootBook } from './nodes/boot-book.ts';
import { systemClock } from './nodes/clock.ts';
import type { DefaultImages } from './nodes/default-images.ts';
import { Detection } from './nodes/detection.ts';
import type { ServerEvent } from './nodes/events.ts';
import { nfsExports } from './nodes/exports.ts';
import { ImageSwitch } from './nodes/image-switch.ts';
import { Journal } from './nodes/journal.ts';
import { LogReader } from './nodes/log-reader.ts';
import { MountWatch } from './nodes/mount-watch.ts';
import { NodeActions } from './nodes/node-actions.ts';
import { bootedBy } from './nodes/ownership.ts';
import { Registry } from './nodes/registry.ts';
import { parseCidr, type Subnet } from './protocol/ip.ts';
import { readLastLogId } from './store/logs.ts';
import { migrate } from './store/migrations.ts';
import { openSqlite } from './store/sqlite.ts';
import { WriteQueue } from './store/write-queue.ts';

export type ComposeOptions = {
  readonly version: string;
  /** folder laid over every image */
  readonly overlay: string;
  /** holds the PXE tree; without it machines boot from our media alone */
  readonly pxeFolder?: string;
  /** of the Raspberry Pi's own files, if this installation has them */
  readonly piFolder?: string;
  readonly dhcp: DhcpListen;
  /** the service's own output */
  readonly print: (line: string) => void;
};

/** After so long a restarted server takes a node that has not come back for down. Nodes try every 5 s. */
const RETURN_MS = 25_000;
const NODE_ANSWER_MS = 10_000;
const MOUNT_LOOK_MS = 500;
const PRUNE_MS = 3_600_000;
const USE_MS = 3_600_000;

/** Starts everything; the returned function stops it, and leaves the nodes running. */
export async function compose(config: Config, options: ComposeOptions): Promise<Stop> {
  const stops: Stop[] = [];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const network = networkFacts(config, options);
    const records = await openRecords(config, options, stops);
    const images = await openImages(config, { ...records, overlay: options.overlay });
    const exporting = await startNfs(config, { ...records, images, network }, stops);
    const nodes = buildNodes(config, records, images);
    const announce = imageAnnouncer({ ...nodes, images, network });
    const known = { ...records, images, ...nodes, announce, publish: exporting };
    const { publish, defaults } = startDefaultImages(known, stops);
    const parts = { ...known, network, publish, defaults };
    const { learn } = await startDhcp(config, { ...parts, ...dhcpOptions(config, options) }, stops);
    await startFileServers(config, { ...parts, ...options, ...(learn ? { learn } : {}) }, stops);
    await startBootup(config, parts, stops);
    await startApi(config, { ...parts, version: options.version }, stops);
  } catch (reason) {
    await stopAll();
    throw reason;
  }
  options.print('ready');
  return stopAll;
}

type Stop = () => Promise<void> | void;
type Publish = (events: readonly ServerEvent[]) => void;
type Network = NetworkFacts & { readonly subnet: Subnet };
type Records = Awaited<ReturnType<typeof openRecords>>;
type Parts = Records &
  ReturnType<typeof buildNodes> & {
    readonly images: ImageStore;
    readonly defaults: DefaultImages;
    readonly announce: Announce;
    readonly network: Network;
    readonly publish: Publish;
  };

/** An image is here: says so, and turns the devices that waited for it into nodes. */
function imageAnnouncer(parts: {
  readonly images: ImageStore;
  readonly detection: Detection;
  readonly network: Network;
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

function networkFacts({ network, dhcp, ports }: Config, { pxeFolder }: ComposeOptions): Network {
  const subnet = parseCidr(network.address);
  const { address, netmask, broadcast } = subnet;
  const { domain } = network;
  const { leaseSeconds } = dhcp;
  const facts = { subnet, address, netmask, broadcast, domain, leaseSeconds };
  if (pxeFolder === undefined) return facts;
  const port = ports.http === 80 ? '' : `:${ports.http}`;
  return { ...facts, pxe: { url: `http://${address}${port}/pxe` } };
}

/** What is known and written down: devices, boots, log. */
async function openRecords(config: Config, { print }: ComposeOptions, stops: Stop[]) {
  const folder = resolve(config.state);
  await mkdir(folder, { recursive: true });
  const { database, writer } = openSqlite(join(folder, 'walt.db'));
  stops.push(() => database.destroy());
  await migrate(database);
  const writes = new WriteQueue(writer);
  stops.push(() => writes.close());

  const registry = new Registry(writes);
  await registry.load(database);
  const boots = new BootBook(database, writes);
  await boots.load();
  const journal = new Journal({
    clock: systemClock,
    writes,
    boots,
    nameOf: (mac) => registry.byMac(mac)?.name,
    print,
    debug: config.log.debug,
    lastLogId: await readLastLogId(database),
  });
  /** where a part of the server puts trouble that no caller waits for */
  const problem = (source: string) => (reason: unknown) =>
    journal.append([{ kind: 'problem', source, message: messageOf(reason) }]);
  boots.onWriteError = problem('store');
  stops.push(every(PRUNE_MS, () => journal.prune(config.log.keepDays), problem('log')));
  return { folder, database, writes, registry, boots, journal, problem };
}

/** @returns how events are published from now on: recorded, and the exports kept in step with the nodes */
async function startNfs(
  config: Config,
  parts: Records & { readonly images: ImageStore; readonly network: Network },
  stops: Stop[],
): Promise<Publish> {
  const { folder, registry, journal, images, network, problem } = parts;
  const nfs = await createNfsServer(config.nfs.backend, {
    address: network.address,
    folder: join(folder, 'nfs'),
    onProblem: problem('nfs'),
  });
  await nfs.start();
  stops.push(() => nfs.detach());
  const applyExports = () => nfs.apply(nfsExports(registry, images.rootOf));
  await applyExports();
  return (events) => {
    journal.append(events);
    const isExportChanged = events.some(({ kind }) => kind === 'new-node' || kind === 'new-root');
    if (isExportChanged) applyExports().catch(problem('nfs'));
  };
}

/** Who is who among the devices, and what people may do with them. */
function buildNodes(config: Config, { registry, boots, journal }: Records, images: ImageStore) {
  const subnet = parseCidr(config.network.address);
  const detection = new Detection({
    registry,
    defaultImageOf: images.defaultOf,
    digestOf: images.keyOf,
    clock: systemClock,
  });
  const { node: port } = config.ports;
  const toNode = { port, localAddress: subnet.address, timeoutMs: NODE_ANSWER_MS };
  const actions = new NodeActions({
    registry,
    journal,
    boots,
    command: (address, command) => commandNode(command, { address, ...toNode }),
  });
  const node = (name: string) => actions.node(name);
  const imageSwitch = new ImageSwitch({ registry, node, images });
  const nodesOf = (image: string) => bootedBy(registry, image);
  const { registries } = config.images;
  const workbench = buildWorkbench(images, { registries, nodesOf });
  return { detection, actions, imageSwitch, ...workbench };
}

function dhcpOptions(config: Config, { dhcp: listen, print }: ComposeOptions) {
  return { listen, ...(config.log.debug ? { trace: print } : {}) };
}

async function startBootup(config: Config, parts: Parts, stops: Stop[]): Promise<void> {
  const { network, registry, boots, publish, problem } = parts;
  const links = new BootupLinks(registry, (mac) => boots.isRebooting(mac, systemClock()));
  const server = await startBootupServer({
    address: network.address,
    port: config.ports.bootup,
    open: (client) => links.open(client),
    publish,
  });
  stops.push(() => server.close());
  stops.push(checkReturned(boots, links, publish));
  const mounts = new MountWatch(boots, registry);
  stops.push(every(MOUNT_LOOK_MS, async () => publish(await mounts.look()), problem('mounts')));
}

async function startApi(
  config: Config,
  parts: Parts & { readonly version: string },
  stops: Stop[],
): Promise<void> {
  const { database, writes, journal, images, defaults, announce, network, publish, problem } =
    parts;
  const { registry } = parts;
  const { unusedDays } = config.images;
  const planOf = (starter: Starter, root: string) =>
    planStart(images.rootOf(root), starter, network);
  const platform: Platform = {
    ...parts,
    secureBootOf: async (node) =>
      node.model.startsWith('pc-') ? (await planOf(node, node.root)).verdict?.text : undefined,
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
  const socket = resolve(config.api.socket);
  stops.push(() => parts.workshop.idle());
  const server = await startApiServer(platform, { socket, onProblem: problem('api') });
  stops.push(() => server.close());
}

/** Calls `work` again and again, never twice at once, until the returned function is called. */
function every(
  ms: number,
  work: () => Promise<void>,
  onError: (reason: unknown) => void,
): () => void {
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(async () => {
      await work().catch(onError);
      if (timer.hasRef()) next();
    }, ms);
  };
  next();
  return () => {
    timer.unref();
    clearTimeout(timer);
  };
}

/** The nodes that ran when the server stopped say so again; those that do not are down. */
function checkReturned(
  boots: BootBook,
  links: BootupLinks,
  publish: (events: readonly ServerEvent[]) => void,
): () => void {
  const running = boots.inState('booted');
  const timer = setTimeout(() => {
    const cause = 'it was gone when the server came back';
    const signal = { kind: 'down', cause, method: 'server-detected' } as const;
    const isGone = (mac: string) =>
      boots.statusOf(mac).state === 'booted' && !links.isConnected(mac);
    publish(running.filter(isGone).map((mac) => ({ kind: 'signal', mac, signal })));
  }, RETURN_MS);
  return () => clearTimeout(timer);
}
