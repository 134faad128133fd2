// Routes of `walt image clone|duplicate|rename|remove|search|publish`: a user's images and their names.
import { z } from 'zod';
import { callerOf } from './caller.ts';
import { streamWork } from './image-stream.ts';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import { cloneRequest, imageView, publishRequest, searchReply, twoNames } from './types.ts';
import { viewImage } from './views.ts';

export function workingSetRoutes(api: Api, platform: Platform): void {
  const { workingSet, exchange } = platform;

  for (const action of ['rename', 'duplicate'] as const) {
    api.post(
      `/api/v1/images/${action}`,
      { schema: { body: twoNames, response: { 200: imageView } } },
      async (request) => {
        const { name, to } = request.body;
        return viewImage(await workingSet[action](name, to, callerOf(request)), platform);
      },
    );
  }

  api.post(
    '/api/v1/images/remove',
    { schema: { body: z.strictObject({ name: z.string() }), response: { 200: z.object({}) } } },
    async (request) => {
      await workingSet.remove(request.body.name, callerOf(request));
      return {};
    },
  );

  api.post('/api/v1/images/clone', { schema: { body: cloneRequest } }, (request, reply) => {
    const { source, name, force = false } = request.body;
    const user = callerOf(request);
    return streamWork(reply, platform, async ({ progress, signal }) => {
      const named = name === undefined ? {} : { name };
      return await workingSet.clone(source, { ...named, user, force, progress, signal });
    });
  });

  api.get(
    '/api/v1/images/search',
    {
      schema: {
        querystring: z.strictObject({ keyword: z.string().default('') }),
        response: { 200: searchReply },
      },
    },
    async (request) => {
      const { links, problems } = await exchange.search(request.query.keyword, callerOf(request));
      return { links: [...links], problems: [...problems] };
    },
  );

  api.post('/api/v1/images/publish', { schema: { body: publishRequest } }, (request, reply) => {
    const { name, to } = request.body;
    const user = callerOf(request);
    return streamWork(reply, platform, async ({ progress, say, signal }) => {
      const image = workingSet.own(name, user);
      const named = to === undefined ? {} : { to };
      const target = await exchange.publish(image, { ...named, progress, signal });
      say({ kind: 'step', text: `published as ${target}` });
      return image;
    });
  });
}
