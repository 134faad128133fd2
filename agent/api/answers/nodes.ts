// Answers to the calls of `walt node …`.
import type { BootBook, ToldBoot } from '../../boots/boot-book.ts';
import { isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf, RequestError } from '../../errors.ts';
import { bootHistory, TOLD_BOOTS } from '../../healing/boot-history.ts';
import type { Cases } from '../../healing/cases.ts';
import { type BootCounts, reliabilityOf } from '../../healing/counts.ts';
import { LEGS, type Leg, legTimes } from '../../healing/expecting/legs.ts';
import type { Healer } from '../../healing/healer.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import type { ImageSwitch, Switched } from '../../nodes/image-switch.ts';
import type { NodeActions } from '../../nodes/node-actions.ts';
import type { NodePower } from '../../nodes/node-power.ts';
import type { Asleep } from '../../nodes/saving/asleep.ts';
import type { PowerSaver } from '../../nodes/saving/power-saver.ts';
import type { VirtualNodes } from '../../nodes/virtual-nodes.ts';
import type { Answers, ReplyOf } from '../calls/call.ts';
import type { nodeCalls } from '../calls/nodes.ts';
import type { StageView } from '../calls/views/node-view.ts';
import { type DeviceNotes, viewDevice, viewMachine, viewNode } from './views.ts';

/** What these answers need. */
export type NodeParts = DeviceNotes & {
  readonly registry: Pick<Registry, 'all'>;
  readonly boots: Pick<BootBook, 'statusOf' | 'stagesOf' | 'failuresOf' | 'lastOf'>;
  readonly actions: Pick<NodeActions, 'node' | 'rename' | 'wait'>;
  readonly power: Pick<NodePower, 'reboot' | 'power'>;
  readonly asleep: Pick<Asleep, 'has'>;
  readonly saver: Pick<PowerSaver, 'wake'>;
  readonly imageSwitch: Pick<ImageSwitch, 'boot' | 'bootLocal' | 'acquire' | 'release'>;
  readonly cases: Pick<Cases, 'of'>;
  readonly healer: Pick<Healer, 'expectedOf' | 'quarantineOf'>;
  readonly machines: Pick<Machines, 'stateOf'>;
  readonly virtualNodes: Pick<VirtualNodes, 'create' | 'remove'>;
  /** the boot by kexec that did not come up, with the image that the node boots next */
  readonly failedWarm: (node: Node) => Promise<Pick<ToldBoot, 'started'> | undefined>;
  /** what Secure Boot says to the kernel that the node starts; undefined where that is not known */
  readonly secureBootOf: (node: Node) => Promise<string | undefined>;
};

type Switching = {
  readonly names: readonly string[];
  readonly takesOthers?: boolean | undefined;
};

/** Answers to the calls of calls/nodes.ts. */
export function nodeAnswers(parts: NodeParts): Answers<typeof nodeCalls> {
  const { registry, boots, actions, power, imageSwitch } = parts;
  const { machines, virtualNodes, secureBootOf, healer, cases, saver } = parts;
  const isBooted = (name: string) => boots.statusOf(actions.node(name).mac).state === 'booted';
  const switched = (nodes: readonly Switched[]): ReplyOf<(typeof nodeCalls)['nodes.boot']> => ({
    nodes: nodes.map((node) => ({ ...node, isBooted: isBooted(node.name) })),
  });
  const woken = async (nodes: readonly Switched[]) => {
    await saver.wake(nodes.map(({ name }) => actions.node(name))).catch((reason: unknown) => {
      throw new RequestError(502, `The nodes have their image, but ${messageOf(reason)}`);
    });
    return switched(nodes);
  };
  return {
    'nodes.list': async () => {
      const nodes = registry.all().filter(isNode);
      return { nodes: nodes.map((node) => viewNode(node, parts)) };
    },
    'nodes.show': async (asked) => {
      const node = actions.node(asked.node);
      const stages: StageView[] = (await boots.stagesOf(node.mac)).map(({ detail, ...step }) => ({
        ...step,
        ...detail,
      }));
      const secureBoot = (await secureBootOf(node)) ?? null;
      const failures = (await boots.failuresOf(node.mac)) ?? null;
      const state = machines.stateOf(node.mac);
      const machine = state === undefined ? null : viewMachine(state);
      const past = bootHistory(await boots.lastOf(node.mac, TOLD_BOOTS));
      const expected = Object.entries(await healer.expectedOf(node));
      return {
        ...{ node: viewNode(node, parts), secureBoot, machine, stages, failures, boots: past },
        expected: expected.map(([leg, times]) => ({ leg, ...times })),
        legs: Object.entries(legTimes(await boots.stagesOf(node.mac))).map(([leg, took]) => ({
          ...{ leg, took, help: LEGS[leg as Leg] },
        })),
        quarantine: healer.quarantineOf(node.mac) ?? null,
        kexecFailed: (await parts.failedWarm(node))?.started ?? null,
      };
    },
    'nodes.reliability': async () => ({
      nodes: registry
        .all()
        .filter(isNode)
        .map(({ name, mac }) => viewCounts(name, cases.of(mac).counts)),
    }),
    'nodes.create': async ({ name, settings }, { user }) => {
      const device = await virtualNodes.create({ name, settings, by: user });
      const { ip, mac, image = null } = device;
      return { name, ip, mac, image, note: viewDevice(device, parts).note };
    },
    'nodes.remove': async ({ node, takesOthers = false }, { user }) => {
      const { ip, mac } = await virtualNodes.remove(node, { by: user, takesOthers });
      return { ip, mac };
    },
    'nodes.rename': async ({ node, name, takesOthers = false }, { user }) => {
      const { name: from } = actions.node(node);
      const { name: to } = await actions.rename(from, name, { by: user, takesOthers });
      return viewNode(actions.node(to), parts);
    },
    'nodes.reboot': ({ names, hard = false, takesOthers = false }, { user: by }) =>
      linesOf(power.reboot(names, { by, takesOthers, isHard: hard })),
    'nodes.power': ({ verb, names, takesOthers = false }, { user: by }) =>
      linesOf(power.power(verb, names, { by, takesOthers })),
    'nodes.wait': async ({ names, timeoutSeconds }, { role, signal }) => {
      const nodes = names.map((name) => actions.node(name));
      const timeoutMs = timeoutSeconds * 1000;
      const waited = actions.wait(names, { timeoutMs, signal });
      // A viewer changes nothing, and power is something. Many nodes get theirs one after the other: who waits sees how far they are.
      const refused = refusalOf(role === 'viewer' ? Promise.resolve() : saver.wake(nodes));
      return { missing: await Promise.race([waited, refused]) };
    },
    'nodes.boot': async (asked, { user }) =>
      woken(await imageSwitch.boot(asked.image, requestOf(asked, user))),
    'nodes.bootLocal': async (asked, { user }) =>
      woken(await imageSwitch.bootLocal(requestOf(asked, user))),
    'nodes.acquire': async (asked, { user }) =>
      woken(await imageSwitch.acquire(requestOf(asked, user))),
    'nodes.release': async (asked, { user }) => {
      const nodes = await imageSwitch.release(requestOf(asked, user));
      return asked.wakes === true ? await woken(nodes) : switched(nodes);
    },
  };
}

/** @returns resolves never */
function refusalOf(work: Promise<void>): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  work.catch((reason: unknown) => reject(new RequestError(502, messageOf(reason))));
  // Where the wait ends before, nobody is left to be told.
  promise.catch(() => undefined);
  return promise;
}

function viewCounts(name: string, counts: BootCounts) {
  const { failures, ...rest } = counts;
  const list = Object.entries(failures).map(([kind, count]) => ({ kind, count }));
  return { name, ...rest, failures: list, reliability: reliabilityOf(counts) ?? null };
}

function requestOf({ names, takesOthers = false }: Switching, user: string) {
  return { names, takesOthers, user };
}

/** A line for each result as it comes, and one that says that these were all. */
async function* linesOf<Result>(results: AsyncIterable<Result>) {
  for await (const result of results) yield [{ kind: 'node' as const, ...result }];
  yield [{ kind: 'done' as const }];
}
