// Routes of `walt image …`.
import { Readable } from 'node:stream';
import { messageOf } from '../errors.ts';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import {
  collectReply,
  collectRequest,
  type ImportLine,
  imagesReply,
  importRequest,
} from './types.ts';
import { viewImage } from './views.ts';

export function imageRoutes(api: Api, platform: Platform): void {
  api.get('/api/v1/images', { schema: { response: { 200: imagesReply } } }, async () => ({
    images: platform.images.all().map((image) => viewImage(image, platform)),
  }));

  api.post(
    '/api/v1/images/gc',
    { schema: { body: collectRequest, response: { 200: collectReply } } },
    async ({ body }) => await platform.collectImages(body),
  );

  api.post('/api/v1/images/import', { schema: { body: importRequest } }, ({ body }, reply) => {
    const { source, name } = body;
    const answer = new Readable({ read() {} });
    const say = (line: ImportLine) => answer.push(`${JSON.stringify(line)}\n`);
    platform
      .importImage(source, {
        ...(name === undefined ? {} : { name }),
        progress: (text) => say({ kind: 'step', text }),
      })
      .then((image) => say({ kind: 'done', image: viewImage(image, platform) }))
      .catch((reason: unknown) => say({ kind: 'failed', error: messageOf(reason) }))
      .finally(() => answer.push(null));
    reply.type('application/x-ndjson');
    return reply.send(answer);
  });
}
