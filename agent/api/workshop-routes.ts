// Routes of `walt image shell|cp|build|squash`: the content of images changes.
import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { placeInside } from '../images/workshop/place.ts';
import type { OpenShell } from '../images/workshop/shells.ts';
import { callerOf } from './caller.ts';
import { streamWork } from './image-stream.ts';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import {
  buildRequest,
  copyInRequest,
  dropRequest,
  keptShellsReply,
  resumeRequest,
  saveRequest,
  shellRequest,
} from './types.ts';

export function workshopRoutes(api: Api, platform: Platform): void {
  const { workingSet, workshop, shells, images } = platform;
  const rootOf = (name: string) => images.rootOf(images.keyOf(name) ?? '');

  api.post('/api/v1/images/shell', { schema: { body: shellRequest } }, (request, reply) => {
    const { name, hasTerminal } = request.body;
    const user = callerOf(request);
    return streamWork(reply, platform, async ({ progress, say, signal }) => {
      const image = workingSet.own(name, user);
      await shells.open(image, {
        ...{ user, hasTerminal, signal, progress },
        onReady: (shell) => say({ kind: 'shell', ...shell }),
      });
      return undefined;
    });
  });

  api.post('/api/v1/images/save', { schema: { body: saveRequest } }, (request, reply) => {
    const { id, name, force } = request.body;
    const user = callerOf(request);
    return streamWork(reply, platform, ({ progress }) =>
      shells.save(id, { name, force, user, progress }),
    );
  });

  api.get(
    '/api/v1/images/shells',
    { schema: { response: { 200: keptShellsReply } } },
    async (request) => ({ shells: shells.keptOf(callerOf(request)) }),
  );

  api.post(
    '/api/v1/images/shells/resume',
    { schema: { body: resumeRequest } },
    (request, reply) => {
      const { id, hasTerminal } = request.body;
      const user = callerOf(request);
      return streamWork(reply, platform, async ({ say, signal }) => {
        const onReady = (shell: OpenShell) => say({ kind: 'shell', ...shell });
        await shells.resume(id, { user, hasTerminal, signal, onReady });
        return undefined;
      });
    },
  );

  api.post(
    '/api/v1/images/shells/drop',
    { schema: { body: dropRequest, response: { 200: z.object({}) } } },
    async (request) => {
      shells.drop(request.body.id, callerOf(request));
      return {};
    },
  );

  api.post(
    '/api/v1/images/squash',
    { schema: { body: z.strictObject({ name: z.string() }) } },
    (request, reply) => {
      const user = callerOf(request);
      return streamWork(reply, platform, async ({ progress }) => {
        return await workshop.squash(workingSet.own(request.body.name, user), progress);
      });
    },
  );

  api.post('/api/v1/images/build', { schema: { body: buildRequest } }, (request, reply) => {
    const { context, name, force } = request.body;
    const user = callerOf(request);
    return streamWork(reply, platform, async ({ progress }) => {
      const target = workingSet.target(name, { user, force });
      return await workshop.build(context, { target, progress });
    });
  });

  api.post('/api/v1/images/copy-in', { schema: { body: copyInRequest } }, (request, reply) => {
    const { source, name, path } = request.body;
    const user = callerOf(request);
    return streamWork(reply, platform, async ({ progress }) => {
      const image = workingSet.own(name, user);
      const status = await lstat(source).catch((cause: unknown) => {
        throw new RequestError(404, `There is no ${source}`, { cause });
      });
      const place = await placeInside(rootOf(image.name), path);
      const target = place.isFolder ? join(place.path, basename(source)) : place.path;
      const copy = { source, isFolder: status.isDirectory(), target };
      return await workshop.copyIn(copy, { image, progress });
    });
  });

  api.get(
    '/api/v1/images/place',
    {
      schema: {
        querystring: z.strictObject({ name: z.string(), path: z.string() }),
        response: { 200: z.object({ path: z.string() }) },
      },
    },
    async (request) => {
      const { name, path } = request.query;
      const root = rootOf(workingSet.own(name, callerOf(request)).name);
      const place = await placeInside(root, path);
      if (!place.isThere) throw new RequestError(404, `The image has no ${path}`);
      return { path: join(root, place.path) };
    },
  );
}
