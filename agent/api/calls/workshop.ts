// Calls of `walt image cp|build|squash`: the content of images changes. Those that read files of the server, or
// run programs on it as root, are for its administrators.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';
import { force, imageLine, ownName } from './lines/image-line.ts';
import { upload } from './uploads.ts';

const copyLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('data'),
    data: z.string().describe('part of a tar, base64; it holds one file or folder'),
  }),
  z.object({ kind: z.literal('done'), name: z.string().describe('of the file or folder in it') }),
  z.object({ kind: z.literal('failed'), error: z.string().describe('why, for a person') }),
]);

/** A line of the answer of `images.copyOut`. */
export type CopyLine = z.output<typeof copyLine>;

/** Calls that change the content of images. */
export const workshopCalls = {
  'images.squash': {
    method: 'POST',
    path: '/api/v1/images/squash',
    role: 'user',
    help: "Makes one layer of all layers of an image of the caller's.",
    body: z.strictObject({ name: ownName }),
    reply: lines(imageLine),
  },
  'images.build': {
    method: 'POST',
    path: '/api/v1/images/build',
    role: 'admin',
    help: "Makes an image of the caller's from a Dockerfile.",
    body: z.strictObject({
      context: z
        .string()
        .regex(/^(\/|https?:\/\/|git:\/\/)/, 'expected an absolute path or a URL')
        .optional()
        .describe('absolute path on the server, or URL of a git repository or tar'),
      upload,
      name: ownName,
      force,
    }),
    reply: lines(imageLine),
  },
  'images.copyIn': {
    method: 'POST',
    path: '/api/v1/images/copy-in',
    role: 'admin',
    help: "Copies a file or folder of the server into an image of the caller's.",
    body: z.strictObject({
      source: z
        .string()
        .startsWith('/', 'expected an absolute path')
        .optional()
        .describe('absolute path on the server'),
      upload,
      name: ownName,
      path: z.string().describe('absolute, in the image'),
    }),
    reply: lines(imageLine),
  },
  'images.copyOut': {
    method: 'POST',
    path: '/api/v1/images/copy-out',
    role: 'admin',
    help: "Reads a file or folder of an image of the caller's.",
    body: z.strictObject({ name: ownName, path: z.string().describe('absolute, in the image') }),
    reply: lines(copyLine),
  },
} as const satisfies CallTable;
