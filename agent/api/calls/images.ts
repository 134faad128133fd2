// Calls of `walt image …` that take images in, name them, send them away and remove them.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';
import { force, imageLine, imageView, ownName } from './lines/image-line.ts';
import { upload } from './uploads.ts';

const twoNames = z.strictObject({
  name: ownName,
  to: z.string().describe('the other name, as `web:v2`'),
});

const foundImage = z.object({
  location: z.string().describe('`walt` for this server, or the name of a registry'),
  name: z.string().describe('`owner/name`, with its tag where that is known'),
  models: z
    .array(z.string())
    .nullable()
    .describe('that it is for; null where nobody knows without fetching it'),
  link: z.string().describe('as `images.clone` takes it'),
});

const updateLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), text: z.string().describe('what is done now') }),
  z.object({
    kind: z.literal('image'),
    name: z.string().describe('`owner/name:tag`'),
    state: z
      .enum(['current', 'found', 'updated', 'failed'])
      .describe('`found`: there is other content, which was not taken'),
    from: z.string().nullable().describe('where it was found'),
    nodes: z.array(z.string()).describe('names of the nodes that boot this image'),
    error: z.string().nullable().describe('why it failed'),
  }),
  z.object({ kind: z.literal('done').describe('these were all') }),
  z.object({ kind: z.literal('failed'), error: z.string().describe('why, for a person') }),
]);

/** What is told while default images are updated. */
export type UpdateLine = z.output<typeof updateLine>;

/** An image that could be cloned, as callers see it. */
export type FoundView = z.output<typeof foundImage>;

/** Rows of the table of calls. */
export const imageCalls = {
  'images.list': {
    method: 'GET',
    path: '/api/v1/images',
    role: 'viewer',
    help: 'All images of this server.',
    reply: z.object({ images: z.array(imageView) }),
  },
  'images.show': {
    method: 'GET',
    path: '/api/v1/images/show',
    role: 'viewer',
    help: 'One image, who boots it, and what its nodes fetch in one piece.',
    query: z.strictObject({
      name: z.string().describe('`owner/name`, or `owner/name:tag`'),
    }),
    reply: imageView.extend({
      nodes: z.array(z.string()).describe('names of the nodes that boot it'),
      labels: z.record(z.string(), z.string()).describe('that it was given'),
      hotPacks: z
        .array(
          z.object({
            model: z.string().describe('of the nodes that fetch it'),
            bytes: z.number().describe('that are sent'),
            files: z.number().describe('that it has'),
          }),
        )
        .describe('what boots read of it, in one piece for each model; none before the first boot'),
    }),
  },
  'images.refresh': {
    method: 'POST',
    path: '/api/v1/images/refresh',
    role: 'user',
    help: 'Looks at the disk whether the content of all images is there, and mends what can be mended.',
    body: z.strictObject({}),
    reply: z.object({ problems: z.array(z.string()).describe('what is wrong, a sentence each') }),
  },
  'images.updateDefaults': {
    method: 'POST',
    path: '/api/v1/images/update-defaults',
    role: 'operator',
    help: 'Looks for other content of the default images where images come from, and takes it. Nodes get it at their next boot.',
    body: z.strictObject({
      dryRun: z.boolean().default(false).describe('looks only, and takes nothing'),
    }),
    reply: lines(updateLine),
  },
  'images.search': {
    method: 'GET',
    path: '/api/v1/images/search',
    role: 'user',
    help: 'What can be cloned: images of other users, of folders of archives and of registries.',
    query: z.strictObject({
      keyword: z.string().default('').describe('part of the name; empty for all'),
    }),
    reply: z.object({
      images: z.array(foundImage),
      problems: z
        .array(z.string())
        .describe('one sentence for each registry that was not searched'),
    }),
  },
  'images.import': {
    method: 'POST',
    path: '/api/v1/images/import',
    role: 'user',
    help: 'Brings an image in: from the disk of the server, which takes role `admin`, or what was sent by `uploads.create`. Below role `admin` it becomes an image of the caller.',
    body: z.strictObject({
      source: z
        .string()
        .startsWith('/', 'expected an absolute path')
        .optional()
        .describe(
          'absolute path of an archive (OCI, or of docker save or podman save) or an OCI layout folder, on the server',
        ),
      upload,
      name: z
        .string()
        .optional()
        .describe(
          '`owner/name`, instead of the name in the archive; of several images in one, it says which',
        ),
      force: z.boolean().optional().describe("may replace another user's image"),
    }),
    reply: lines(imageLine),
  },
  'images.clone': {
    method: 'POST',
    path: '/api/v1/images/clone',
    role: 'user',
    help: "Makes an image of the caller's from one of another user or a registry.",
    body: z.strictObject({
      source: z.string().describe('`LOCATION:user/name:tag`'),
      name: z.string().optional().describe('what the caller calls it'),
      force: force.optional(),
    }),
    reply: lines(imageLine),
  },
  'images.publish': {
    method: 'POST',
    path: '/api/v1/images/publish',
    role: 'user',
    help: "Sends an image of the caller's to a registry.",
    body: z.strictObject({
      name: ownName,
      to: z.string().optional().describe('name of the registry; the first one by default'),
    }),
    reply: lines(imageLine),
  },
  'images.rename': {
    method: 'POST',
    path: '/api/v1/images/rename',
    role: 'user',
    help: "Gives an image of the caller's another name. The reply is the image.",
    body: twoNames,
    reply: imageView,
  },
  'images.duplicate': {
    method: 'POST',
    path: '/api/v1/images/duplicate',
    role: 'user',
    help: "Gives the content of an image of the caller's a second name. The reply is the new image.",
    body: twoNames,
    reply: imageView,
  },
  'images.remove': {
    method: 'POST',
    path: '/api/v1/images/remove',
    role: 'user',
    help: "Removes an image of the caller's that no node boots.",
    body: z.strictObject({ name: ownName }),
    reply: z.object({}),
  },
  'images.gc': {
    method: 'POST',
    path: '/api/v1/images/gc',
    role: 'operator',
    help: 'Frees the disk of what no image and no node needs.',
    body: z.strictObject({
      removeUnused: z
        .boolean()
        .default(false)
        .describe('removes the images that no node had for long, too'),
    }),
    reply: z.object({
      folders: z.number().describe('root file systems that were deleted'),
      blobs: z.number().describe('parts of images that were deleted'),
      freed: z.number().describe('bytes that became free'),
      removed: z.array(z.string()).describe('names of the images that were removed'),
      unused: z
        .array(z.object({ name: z.string(), days: z.number(), size: z.number().describe('bytes') }))
        .describe('images that could be removed'),
    }),
  },
} as const satisfies CallTable;
