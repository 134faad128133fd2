// Answers to the calls of `walt node …`.
import type { BootBook } from '../../boots/boot-book.ts';
import { isNode, type Node } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { ImageSwitch, Switched } from '../../nodes/image-switch.ts';
import type { NodeActions } from '../../nodes/node-actions.ts';
import type { Answers, ReplyOf } from '../calls/call.ts';
import type { nodeCalls, StageView } from '../calls/nodes.ts';
import { viewNode } from './views.ts';

/** What these answers need. */
export type NodeParts = {
  readonly registry: Pick<Registry, 'all'>;
  readonly boots: Pick<BootBook, 'statusOf' | 'stagesOf' | 'failuresOf'>;
  readonly actions: Pick<NodeActions, 'node' | 'reboot' | 'wait'>;
  readonly imageSwitch: Pick<ImageSwitch, 'boot' | 'bootLocal' | 'acquire' | 'release'>;
  /** what Secure Boot says to the kernel that the node starts; undefined where that is not known */
  readonly secureBootOf: (node: Node) => Promise<string | undefined>;
};

type Switching = {
  readonly names: readonly string[];
  readonly takesOthers?: boolean | undefined;
};

/** Answers to the calls of calls/nodes.ts. */
export function nodeAnswers(parts: NodeParts): Answers<typeof nodeCalls> {
  const { registry, boots, actions, imageSwitch, secureBootOf } = parts;
  const isBooted = (name: string) => boots.statusOf(actions.node(name).mac).state === 'booted';
  const switched = (nodes: readonly Switched[]): ReplyOf<(typeof nodeCalls)['nodes.boot']> => ({
    nodes: nodes.map((node) => ({ ...node, isBooted: isBooted(node.name) })),
  });
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
      return { node: viewNode(node, parts), secureBoot, stages, failures };
    },
    'nodes.reboot': async ({ names, takesOthers = false }, { user }) => ({
      results: await actions.reboot(names, { by: user, takesOthers }),
    }),
    'nodes.wait': async ({ names, timeoutSeconds }, { signal }) => {
      const timeoutMs = timeoutSeconds * 1000;
      return { missing: await actions.wait(names, { timeoutMs, signal }) };
    },
    'nodes.boot': async (asked, { user }) =>
      switched(await imageSwitch.boot(asked.image, requestOf(asked, user))),
    'nodes.bootLocal': async (asked, { user }) =>
      switched(await imageSwitch.bootLocal(requestOf(asked, user))),
    'nodes.acquire': async (asked, { user }) =>
      switched(await imageSwitch.acquire(requestOf(asked, user))),
    'nodes.release': async (asked, { user }) =>
      switched(await imageSwitch.release(requestOf(asked, user))),
  };
}

function requestOf({ names, takesOthers = false }: Switching, user: string) {
  return { names, takesOthers, user };
}
