// Boards that do not come up are helped.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { listenToBoots } from '../../healing/boot-listener.ts';
import { Cases } from '../../healing/cases.ts';
import type { Wiring } from '../../healing/gone-switches.ts';
import { Healer } from '../../healing/healer.ts';
import { waysOf } from '../../healing/ways.ts';
import { systemClock, timerMs } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import { commandNode } from '../../net/node-client.ts';
import { takesConnections } from '../../net/takes-connections.ts';
import type { NodePower } from '../../nodes/node-power.ts';
import type { Store } from '../../store/store.ts';
import { isSwitch } from '../../switches/access-of.ts';
import type { Topology } from '../../switches/topology.ts';
import type { Problem } from '../telling/journal.ts';

type Known = {
  readonly store: Pick<Store, 'boots' | 'healing'>;
  readonly registry: Registry;
  readonly boots: BootBook;
  readonly images: Pick<ImageStore, 'rootOf' | 'keyOf'>;
  readonly publisher: Publisher;
  readonly problem: Problem;
};

type Parts = Known &
  Omit<Awaited<ReturnType<typeof openHealing>>, 'ways'> & {
    readonly power: Pick<NodePower, 'canSwitch' | 'cycleUnasked'>;
    readonly machines: Pick<Machines, 'stateOf'>;
    readonly wired: { readonly topology: Pick<Topology, 'switchBefore' | 'refresh'> };
    readonly onLimit: OnLimit;
    /** of the server on walt-net */
    readonly address: string;
    /** the configuration as it is now */
    readonly current: () => Config;
  };

const LOOK_MS = 2000;
const ANSWER_MS = 3000;
const NFS_PORT = 2049;
/** An emulated machine takes about ten times as long. */
const EMULATED = 10;

/** What was done for boards, as earlier runs of the server left it; follows their boots from now on. */
export async function openHealing({ store, registry, boots, images, publisher, problem }: Known) {
  const cases = new Cases(store.healing, problem('healing'));
  await cases.load();
  cases.resume((mac) => boots.statusOf(mac), systemClock());
  listenToBoots({ registry, boots, publisher, cases });
  const hasContent = (key: string) => existsSync(images.rootOf(key));
  return { cases, hasContent, ways: waysOf(cases, hasContent) };
}

/** Begins to help. */
export function startHealing(
  { ports, network }: Pick<Config, 'ports' | 'network'>,
  parts: Parts,
  services: AsyncDisposableStack,
) {
  const { store, publisher, problem, power, machines, images, address, current, onLimit } = parts;
  const toNode = { port: ports.node, localAddress: address };
  const healer = new Healer({
    ...parts,
    records: store.boots,
    publish: publisher.publish,
    clock: systemClock,
    mode: () => current().boot.heal,
    canCycle: (node) => power.canSwitch(node),
    cycle: (node) => power.cycleUnasked(node),
    reboot: ({ ip }) => commandNode('REBOOT', { address: ip, ...toNode, onLimit }),
    answers: ({ ip }) => takesConnections({ address: ip, ...toNode }, ANSWER_MS),
    keyOf: images.keyOf,
    wiring: wiringOf(parts),
    slowness: (mac) => (machines.stateOf(mac)?.accelerator === 'tcg' ? EMULATED : 1),
    server: async () => ({
      hasLink: await hasLink(network.interface),
      hasNfs: await takesConnections({ address, port: NFS_PORT }, ANSWER_MS),
    }),
  });
  services.defer(every(timerMs(LOOK_MS), () => healer.look(), problem('healing')));
  return { healer };
}

/** A virtual node is behind no switch, and one that may not be asked is none. */
function wiringOf({ registry, wired: { topology } }: Pick<Parts, 'registry' | 'wired'>): Wiring {
  return {
    switchOf: (mac) => {
      const device = registry.byMac(topology.switchBefore(mac) ?? '');
      return device !== undefined && isSwitch(device) ? device : undefined;
    },
    answers: async ({ mac }) => {
      const device = registry.byMac(mac);
      if (device !== undefined) await topology.refresh(device);
      return true;
    },
  };
}

/** What cannot be read says nothing: a network namespace may see other interfaces there. */
async function hasLink(name: string): Promise<boolean> {
  const text = await readFile(`/sys/class/net/${name}/carrier`, 'utf8').catch(() => '1');
  return text.trim() !== '0';
}
