// Answers browsers with the page. It is for everybody, also before they log in: it holds nothing of this server's.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '../replies/error-reply.ts';
import { formOf, type PageFile, type PageFiles } from './page-files.ts';

/** First parts of paths that the page itself makes something of. */
const PLACES = [
  'nodes',
  'images',
  'topology',
  'log',
  'media',
  'health',
  'first-run',
  'login',
  'sign-in',
  'account',
  'users',
];
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What every file of the page comes with. */
export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  vary: 'accept-encoding',
} as const;

const FOR_EVER = 'public, max-age=31536000, immutable';

/** Adds the page to an API that has no routes of such paths. */
export function servePage(api: FastifyInstance, files: PageFiles): void {
  const index = files.get('index.html');
  api.get('/*', (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const file = files.get(path.slice(1));
    if (file !== undefined && file !== index)
      return send(reply, request, { file, keeps: FOR_EVER });
    const isPlace = path === '/' || PLACES.includes(path.split('/')[1] ?? '');
    if (index !== undefined && isPlace) {
      return send(reply, request, { file: index, keeps: 'no-cache' });
    }
    const message = `There is no GET ${path} on this server`;
    return reply.code(404).send(errorBody(404, { message }));
  });
}

function send(
  reply: FastifyReply,
  { headers }: FastifyRequest,
  { file, keeps }: { readonly file: PageFile; readonly keeps: string },
): FastifyReply {
  const form = formOf(headers['accept-encoding']);
  const etag = `"${file.etag}-${form}"`;
  reply.headers({ ...PAGE_HEADERS, 'cache-control': keeps, etag });
  if (headers['if-none-match']?.includes(etag)) return reply.code(304).send();
  reply.type(file.type);
  if (form !== 'identity') reply.header('content-encoding', form);
  return reply.send(file.forms[form]);
}
