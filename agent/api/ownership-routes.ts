// Routes of `walt node acquire|release|boot`: nodes get other images, and so other owners.
import type { Switched } from '../nodes/image-switch.ts';
import { callerOf } from './caller.ts';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import { bootRequest, type SwitchReply, switchReply, switchRequest } from './types.ts';

export function ownershipRoutes(api: Api, { actions, boots, imageSwitch }: Platform): void {
  const answer = (nodes: readonly Switched[]): SwitchReply => ({
    nodes: nodes.map((node) => ({
      ...node,
      isBooted: boots.statusOf(actions.node(node.name).mac).state === 'booted',
    })),
  });

  api.post(
    '/api/v1/nodes/boot',
    { schema: { body: bootRequest, response: { 200: switchReply } } },
    async (request) => {
      const { names, image, takesOthers = false } = request.body;
      const asked = { names, takesOthers, user: callerOf(request) };
      return answer(await imageSwitch.boot(image, asked));
    },
  );

  for (const action of ['acquire', 'release'] as const) {
    api.post(
      `/api/v1/nodes/${action}`,
      { schema: { body: switchRequest, response: { 200: switchReply } } },
      async (request) => {
        const { names, takesOthers = false } = request.body;
        const asked = { names, takesOthers, user: callerOf(request) };
        return answer(await imageSwitch[action](asked));
      },
    );
  }
}
