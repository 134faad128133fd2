// Routes of `walt node …`.
import { z } from 'zod';
import { isNode } from '../devices/device.ts';
import { callerOf } from './caller.ts';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import {
  nodeReply,
  nodesReply,
  rebootReply,
  switchRequest,
  waitReply,
  waitRequest,
} from './types.ts';
import { viewNode } from './views.ts';

const nameParameter = z.object({ name: z.string() });

export function nodeRoutes(api: Api, platform: Platform): void {
  const { registry, boots, actions } = platform;

  api.get('/api/v1/nodes', { schema: { response: { 200: nodesReply } } }, async () => ({
    nodes: registry
      .all()
      .filter(isNode)
      .map((node) => viewNode(node, platform)),
  }));

  api.get(
    '/api/v1/nodes/:name',
    { schema: { params: nameParameter, response: { 200: nodeReply } } },
    async ({ params }) => {
      const node = actions.node(params.name);
      const stages = (await boots.stagesOf(node.mac)).map(({ detail, ...step }) => ({
        ...step,
        ...detail,
      }));
      return {
        node: viewNode(node, platform),
        secureBoot: (await platform.secureBootOf(node)) ?? null,
        stages,
      };
    },
  );

  api.post(
    '/api/v1/nodes/reboot',
    { schema: { body: switchRequest, response: { 200: rebootReply } } },
    async (request) => {
      const { names, takesOthers = false } = request.body;
      return { results: await actions.reboot(names, { by: callerOf(request), takesOthers }) };
    },
  );

  api.post(
    '/api/v1/nodes/wait',
    { schema: { body: waitRequest, response: { 200: waitReply } } },
    async ({ body, raw }) => {
      const gone = new AbortController();
      raw.socket.once('close', () => gone.abort());
      const timeoutMs = body.timeoutSeconds * 1000;
      return { missing: await actions.wait(body.names, { timeoutMs, signal: gone.signal }) };
    },
  );
}
