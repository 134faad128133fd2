// The part of start.ts that knows who is who among the devices, and hears what nodes say of themselves.

import type { BootBook } from '../boots/boot-book.ts';
import { MountWatch } from '../boots/mount-watch.ts';
import type { Config } from '../config/config.ts';
import { Detection } from '../devices/detection.ts';
import type { ServerEvent } from '../events/event.ts';
import { BootupLinks } from '../handlers/on-bootup.ts';
import { systemClock } from '../host/clock.ts';
import { every } from '../host/every.ts';
import type { ImageStore } from '../images/intake/image-store.ts';
import { buildWorkbench } from '../images/workshop/workbench.ts';
import { startBootupServer } from '../net/bootup-server.ts';
import { commandNode } from '../net/node-client.ts';
import { ImageSwitch } from '../nodes/image-switch.ts';
import { NodeActions } from '../nodes/node-actions.ts';
import { bootedBy } from '../nodes/ownership.ts';
import { parseCidr } from '../protocol/ip.ts';
import type { Records } from './records.ts';

type Stop = () => Promise<void> | void;
type Publish = (events: readonly ServerEvent[]) => void;
type BootupParts = Pick<Records, 'registry' | 'boots' | 'problem'> & {
  readonly network: { readonly address: string };
  readonly publish: Publish;
};

/** After so long a restarted server takes a node that has not come back for down. Nodes try every 5 s. */
const RETURN_MS = 25_000;
const NODE_ANSWER_MS = 10_000;
const MOUNT_LOOK_MS = 500;

/** Who is who among the devices, and what people may do with them. */
export function buildNodes(
  config: Config,
  { registry, boots, journal }: Records,
  images: ImageStore,
) {
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
  const note = (image: string, step: string) =>
    journal.append([{ kind: 'image-step', image, step }]);
  const workbench = buildWorkbench(images, { registries, nodesOf, note, clock: systemClock });
  return { detection, actions, imageSwitch, ...workbench };
}

/** Starts to listen to nodes; what ends it is added to `stops`. */
export async function startBootup(
  config: Config,
  parts: BootupParts,
  stops: Stop[],
): Promise<void> {
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

/** The nodes that ran when the server stopped say so again; those that do not are down. */
function checkReturned(boots: BootBook, links: BootupLinks, publish: Publish): () => void {
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
