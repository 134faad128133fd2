// Calls of `walt image shell|cp|build|squash`: the content of images changes. Those that read files of the server, or
// run programs on it as root, are for its administrators.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';
import { force, imageLine, ownName } from './image-line.ts';

/** Calls that change the content of images. */
export const workshopCalls = {
  'images.shell': {
    method: 'POST',
    path: '/api/v1/images/shell',
    role: 'admin',
    help: "Prepares a container with an image of the caller's; it stays until the request ends, or longer if something in it was changed and not saved.",
    body: z.strictObject({
      name: ownName,
      hasTerminal: z.boolean().describe('the shell will run on a terminal'),
    }),
    reply: lines(imageLine),
  },
  'images.save': {
    method: 'POST',
    path: '/api/v1/images/save',
    role: 'admin',
    help: 'Makes an image of what a shell has left, while its request runs or the shell is kept.',
    body: z.strictObject({ id: z.string().describe('of the shell'), name: ownName, force }),
    reply: lines(imageLine),
  },
  'images.keptShells': {
    method: 'GET',
    path: '/api/v1/images/shells',
    role: 'admin',
    help: "Shells of the caller's whose changes were not saved, the oldest first.",
    reply: z.object({
      shells: z.array(
        z.object({
          id: z.string().describe('for `images.resumeShell`, `images.save` and `images.dropShell`'),
          image: z.string().describe('in which the shell was opened'),
          since: z.number().describe('when it was left, microseconds since 1970, UTC'),
          until: z.number().describe('when it is given up, the same'),
        }),
      ),
    }),
  },
  'images.resumeShell': {
    method: 'POST',
    path: '/api/v1/images/shells/resume',
    role: 'admin',
    help: 'Opens a shell again that is kept, as `images.shell` does.',
    body: z.strictObject({
      id: z.string().describe('of the shell'),
      hasTerminal: z.boolean().describe('the shell will run on a terminal'),
    }),
    reply: lines(imageLine),
  },
  'images.dropShell': {
    method: 'POST',
    path: '/api/v1/images/shells/drop',
    role: 'admin',
    help: 'Gives up a shell and what was changed in it.',
    body: z.strictObject({ id: z.string().describe('of the shell') }),
    reply: z.object({}),
  },
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
        .describe('absolute path on the server, or URL of a git repository or tar'),
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
        .describe('absolute path on the server'),
      name: ownName,
      path: z.string().describe('absolute, in the image'),
    }),
    reply: lines(imageLine),
  },
  'images.place': {
    method: 'GET',
    path: '/api/v1/images/place',
    role: 'admin',
    help: "Where on the server a file of an image of the caller's is.",
    query: z.strictObject({ name: ownName, path: z.string().describe('absolute, in the image') }),
    reply: z.object({ path: z.string() }),
  },
} as const satisfies CallTable;
